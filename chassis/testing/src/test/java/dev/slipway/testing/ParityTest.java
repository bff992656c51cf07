package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.Parity.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParityTest {

    private static void compare(Answer one, Answer other) throws Throwable {
        for (var test : new Parity()
                .ask("x", Map.of("one", () -> one, "other", () -> other))
                .tests()
                .toList()) {
            test.getExecutable().execute();
        }
    }

    @Test
    void equal_answers_pass_whatever_the_order_of_their_fields() throws Throwable {
        compare(Answer.done("a"), Answer.done("a"));
        compare(
                Answer.refused("invalid-input", List.of("a x", "b y")),
                Answer.refused("invalid-input", List.of("b y", "a x")));
    }

    @Test
    void another_code_field_or_value_fails_and_shows_both() {
        assertThatThrownBy(() -> compare(Answer.done("a"), Answer.done("b"))).hasMessageContaining("value=b");
        assertThatThrownBy(() -> compare(Answer.done(""), Answer.refused("forbidden", List.of())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("forbidden");
        assertThatThrownBy(() -> compare(
                        Answer.refused("invalid-input", List.of("a x")),
                        Answer.refused("invalid-input", List.of("a y"))))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void a_question_has_a_name_of_its_own_and_more_than_one_protocol() {
        var parity = new Parity().ask("x", Map.of("one", () -> Answer.done(""), "other", () -> Answer.done("")));

        assertThatThrownBy(() -> parity.ask("x", Map.of("one", () -> Answer.done(""), "b", () -> Answer.done(""))))
                .hasMessageContaining("two questions");
        assertThatThrownBy(() -> parity.ask("y", Map.of("one", () -> Answer.done(""))))
                .hasMessageContaining("proves nothing");
        assertThat(parity.tests()).hasSize(1);
    }
}
