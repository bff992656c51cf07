package dev.slipway.operation.constraints;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
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

    record Slugs(@Slug @Nullable String value) {}

    record Uuids(@Uuid @Nullable String value) {}

    record Mails(@EmailDomain @Nullable String value) {}

    record OurMails(
            @EmailDomain(allowed = {"example.com", "example.org"})
            String value) {}

    @BeforeAll
    void warmUp() {
        assertThat(validator.validate(new Slugs("a"))).isEmpty();
    }

    @AfterAll
    void close() {
        factory.close();
    }

    @ParameterizedTest
    @CsvSource({
        "a,true",
        "a-b2,true",
        "9,true",
        "'',false",
        "A,false",
        "-a,false",
        "a-,false",
        "a--b,false",
        "a_b,false"
    })
    void slugs(String text, boolean valid) {
        assertThat(validator.validate(new Slugs(text)).isEmpty()).isEqualTo(valid);
    }

    @Test
    void a_slug_has_up_to_100_characters() {
        assertThat(validator.validate(new Slugs("x".repeat(100)))).isEmpty();
        assertThat(validator.validate(new Slugs("x".repeat(101)))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0198f1d2-0000-7000-8000-000000000001,true",
        "0198F1D2-0000-7000-8000-000000000001,true",
        "0198f1d2000070008000000000000001,false",
        "1-1-1-1-1,false",
        "0198f1d2-0000-7000-8000-00000000000g,false",
        "'',false"
    })
    void uuids(String text, boolean valid) {
        assertThat(validator.validate(new Uuids(text)).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.com,true",
        "ann@mail.Example.co.uk,true",
        "ann@xn--bcher-kva.example,true",
        "ann@localhost,false",
        "ann@-a.com,false",
        "ann@a..com,false",
        "ann@example.1,false",
        "ann@example.c,false",
        "ann@[10.0.0.1],false",
        "ann@,false",
        "example.com,false"
    })
    void domains(String text, boolean valid) {
        assertThat(validator.validate(new Mails(text)).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"ann@example.com,true", "ann@EXAMPLE.org,true", "ann@mail.example.com,false", "ann@evil.com,false"})
    void allowed_domains(String text, boolean valid) {
        assertThat(validator.validate(new OurMails(text)).isEmpty()).isEqualTo(valid);
    }

    @Test
    void nothing_is_left_to_other_constraints() {
        assertThat(validator.validate(new Slugs(null))).isEmpty();
        assertThat(validator.validate(new Uuids(null))).isEmpty();
        assertThat(validator.validate(new Mails(null))).isEmpty();
    }
}
