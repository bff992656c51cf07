package dev.slipway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.CallContexts;
import dev.slipway.core.Caller;
import dev.slipway.core.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
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

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64!", "bmFtZQ", "b3RoZXIfYR8x"})
    void anything_else_is_refused(String text) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Cursor.decode(text, "name", PARSERS))
                .satisfies(
                        e -> assertThat(e.problem().fields().getFirst().field()).isEqualTo("cursor"));
        var tooLong = Cursor.of("name", "x".repeat(2_000), ID).encode();
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Cursor.decode(tooLong, "name", PARSERS));
        var other = Cursor.of("created", "a", ID).encode();
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Cursor.decode(other, "name", PARSERS));
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
        var context = new CallContexts("shop", Clock.systemUTC()).ofRequest("read", null, null, Duration.ofSeconds(1));
        var call = new Call<>(Nothing.NOTHING, context, Map.of(), OptionalLong.empty());
        assertThat(call.caller()).isEqualTo(new Caller.Anonymous());
        assertThatIllegalArgumentException().isThrownBy(() -> call.get(Parameter.uuid("id", "Which.")));
    }
}
