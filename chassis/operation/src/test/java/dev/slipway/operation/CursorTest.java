package dev.slipway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.CallContexts;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    private static final UUID ID = new UUID(1, 2);
    private static final List<Function<String, ?>> PARSERS = List.of(text -> text, UUID::fromString);

    @Test
    void a_cursor_is_read_again_by_its_order() {
        var cursor = Cursor.of("name", "Ann | Ünal", ID);
        assertThat(Cursor.decode(cursor.encode(), "name", PARSERS)).contains(cursor);
        assertThat(Cursor.decode(null, "name", PARSERS)).isEmpty();
    }

    /// Seeds are printed by the failure.
    @RepeatedTest(20)
    void whatever_a_row_holds_makes_a_cursor_that_is_read_again() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var i = 0; i < 200; i++) {
            var text = random.ints(random.nextInt(300), 1, Character.MAX_CODE_POINT + 1)
                    .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            var cursor = Cursor.of("name", text, ID);
            assertThat(Cursor.decode(cursor.encode(), "name", PARSERS))
                    .as("seed %d", seed)
                    .contains(cursor);
        }
    }

    @Test
    void a_value_may_hold_whatever_separates_values() {
        for (var text : List.of("a\u001fb", ".", "a.b", "", "YQ.YQ", "x".repeat(50_000))) {
            var cursor = Cursor.of("name", text, ID);
            assertThat(Cursor.decode(cursor.encode(), "name", PARSERS)).contains(cursor);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "...", "not base64!", "bmFtZQ", "bmFtZQ.YQ", "b3RoZXIfYR8x", "bmFtZQ.YQ.YQ.YQ"})
    void anything_else_is_refused(String text) {
        refused(text, PARSERS);
        refused(Cursor.of("created", "a", ID).encode(), PARSERS);
    }

    private static void refused(String text, List<Function<String, ?>> parsers) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Cursor.decode(text, "name", parsers))
                .satisfies(
                        e -> assertThat(e.problem().fields().getFirst().field()).isEqualTo("cursor"));
    }

    @Test
    void values_that_no_row_can_hold_are_refused() {
        refused(Cursor.of("name", "a\0b", ID).encode(), PARSERS);
        refused("bmFtZQ.7aCA." + Cursor.of(ID.toString()).encode(), PARSERS);
        var instants = List.<Function<String, ?>>of(Instant::parse);
        for (var time :
                List.of("+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z", "+10000-01-01T00:00:00Z")) {
            refused(Cursor.of("name", time).encode(), instants);
        }
        refused(Cursor.of("name", "99999999999999999999").encode(), List.of(Long::valueOf));
    }

    @Test
    void no_bytes_are_more_than_a_refusal() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            var part = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            var text = random.nextBoolean()
                    ? part
                    : "bmFtZQ." + part + "." + Cursor.of(ID.toString()).encode();
            try {
                Cursor.decode(text, "name", PARSERS);
            } catch (ProblemException e) {
                assertThat(e.problem().kind()).as("seed %d", seed).isEqualTo(Problem.Kind.INVALID);
            }
        }
    }

    @Test
    void a_page_has_a_next_one_if_there_was_a_row_more() {
        Function<String, Cursor> position = row -> Cursor.of("name", row);
        assertThat(Page.of(List.of("a", "b", "c"), 2, position).items()).containsExactly("a", "b");
        assertThat(Page.of(List.of("a", "b", "c"), 2, position).next())
                .contains(Cursor.of("name", "b").encode());
        assertThat(Page.of(List.of("a", "b"), 2, position).next()).isEmpty();
    }

    @Test
    void parameters_have_one_way_to_be_written() {
        var id = Parameter.uuid("id", "Which.");
        assertThat(id.parser().apply(ID.toString())).isEqualTo(ID);
        assertThatIllegalArgumentException().isThrownBy(() -> id.parser().apply("1-1-1-1-1"));
        var word = Parameter.text("word", "Which.");
        assertThat(word.parser().apply("tea")).isEqualTo("tea");
        assertThatIllegalArgumentException().isThrownBy(() -> word.parser().apply("x".repeat(201)));
    }

    @Test
    void a_handler_gets_only_what_its_operation_is_about() {
        var context = new CallContexts("shop", Clock.systemUTC(), RandomGenerator.getDefault())
                .ofRequest("read", null, null, null, Duration.ofSeconds(1));
        var call = new Call<>(Nothing.NOTHING, context, Map.of(), OptionalLong.empty());
        assertThat(call.caller()).isEqualTo(new Caller.Anonymous());
        assertThatIllegalArgumentException().isThrownBy(() -> call.get(Parameter.uuid("id", "Which.")));
    }
}
