package dev.slipway.operation.constraints;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.util.Set;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConstraintsTest {
    private final ValidatorFactory factory = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory();
    private final Validator validator = factory.getValidator();

    record Texts(
            @Slug @Nullable String slug,
            @Uuid @Nullable String uuid,
            @EmailDomain @Nullable String mail,

            @EmailDomain(allowed = {"example.com", "example.org"}) @Nullable
            String ourMail) {}

    @BeforeAll
    void warmUp() {
        assertThat(violations("slug", "a")).isEmpty();
    }

    @AfterAll
    void close() {
        factory.close();
    }

    private Set<?> violations(String component, @Nullable String text) {
        return validator.validateValue(Texts.class, component, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    slug    | a                                    | true
                    slug    | a-b2                                 | true
                    slug    | 9                                    | true
                    slug    | ''                                   | false
                    slug    | A                                    | false
                    slug    | -a                                   | false
                    slug    | a-                                   | false
                    slug    | a--b                                 | false
                    slug    | a_b                                  | false
                    uuid    | 0198f1d2-0000-7000-8000-000000000001 | true
                    uuid    | 0198F1D2-0000-7000-8000-000000000001 | true
                    uuid    | 0198f1d2000070008000000000000001     | false
                    uuid    | 1-1-1-1-1                            | false
                    uuid    | 0198f1d2-0000-7000-8000-00000000000g | false
                    uuid    | ''                                   | false
                    mail    | ann@example.com                      | true
                    mail    | ann@mail.Example.co.uk               | true
                    mail    | ann@xn--bcher-kva.example            | true
                    mail    | ann@localhost                        | false
                    mail    | ann@-a.com                           | false
                    mail    | ann@a..com                           | false
                    mail    | ann@example.1                        | false
                    mail    | ann@example.c                        | false
                    mail    | ann@[10.0.0.1]                       | false
                    mail    | ann@                                 | false
                    mail    | example.com                          | false
                    ourMail | ann@example.com                      | true
                    ourMail | ann@EXAMPLE.org                      | true
                    ourMail | ann@mail.example.com                 | false
                    ourMail | ann@evil.com                         | false
                    """)
    void each_constraint_is_about_the_whole_text(String component, String text, boolean valid) {
        assertThat(violations(component, text).isEmpty()).isEqualTo(valid);
    }

    @Test
    void a_slug_has_up_to_100_characters() {
        assertThat(violations("slug", "x".repeat(100))).isEmpty();
        assertThat(violations("slug", "x".repeat(101))).hasSize(1);
    }

    @Test
    void nothing_is_left_to_other_constraints() {
        assertThat(validator.validate(new Texts(null, null, null, null))).isEmpty();
    }
}
