package dev.slipway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.core.ProblemException;
import dev.slipway.security.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    enum Colour {
        RED,
        BLUE
    }

    record Part(int size, List<String> tags) {
        Part {
            if (size == 13) {
                throw new IllegalArgumentException("13 brings bad luck");
            }
            tags = List.copyOf(tags);
        }
    }

    record Whole(String name, Colour colour, Instant at, Optional<String> note, List<Part> parts) {
        Whole {
            parts = List.copyOf(parts);
        }
    }

    private final Json json = new Json();

    private static final Whole WHOLE = new Whole(
            "a",
            Colour.RED,
            Instant.parse("2026-01-02T03:04:05Z"),
            Optional.empty(),
            List.of(new Part(1, List.of("x"))));

    @Test
    void what_was_written_is_read_again() {
        var text = json.write(WHOLE);
        assertThat(new String(text, StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"a\",\"colour\":\"RED\",\"at\":\"2026-01-02T03:04:05Z\","
                        + "\"parts\":[{\"size\":1,\"tags\":[\"x\"]}]}");
        assertThat(json.read(text, Whole.class)).isEqualTo(WHOLE);
        assertThat(json.tree(WHOLE).at("/parts/0/size").asInt()).isEqualTo(1);
    }

    enum Level {
        @JsonProperty("high")
        HIGH,
        @JsonProperty("very-low")
        VERY_LOW
    }

    record Levelled(Level level) {}

    private static List<String> errors(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call).problem().fields().stream()
                .map(error -> error.field() + " " + error.code() + " " + error.message())
                .toList();
    }

    @Test
    void an_enum_is_told_by_the_names_that_clients_know() {
        var told = "level format must be one of high, very-low";
        var body = "{\"level\":\"HIGH\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(errors(() -> json.read(body, Levelled.class))).containsExactly(told);
        assertThat(errors(() -> json.readQuery(Map.of("level", "x"), Levelled.class)))
                .containsExactly(told);
        assertThat(errors(() -> json.readTree(Map.of("level", "x"), Levelled.class)))
                .containsExactly(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    {"size":1,"size":2}                            | size      | duplicate | stands there twice
                    {"parts":[{"size":1,"tags":[]},{"size":1,"size":2}]} | parts[1].size | duplicate | stands there twice
                    {"size":1,"tags":[]} x                         |           | malformed | is not JSON (line 1, column 22)
                    {"size":1,"tags":[]} {}                        |           | malformed | has more after its end (line 1, column 22)
                    {"size":1,"tags":[]                            |           | malformed | is not JSON (line 1, column 20)
                    """)
    void what_is_wrong_is_told_where_it_is(String body, @Nullable String field, String code, String message) {
        Class<?> type = body.contains("parts") ? Whole.class : Part.class;
        assertThat(errors(() -> json.read(body.getBytes(StandardCharsets.UTF_8), type)))
                .containsExactly((field == null ? "" : field) + " " + code + " " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    {"name": 1}                                           | name           | format
                    {"colour": "GREEN"}                                   | colour         | format
                    {"at": "yesterday"}                                   | at             | format
                    {"parts": [{"size": 13, "tags": []}]}                 | parts[0]       | invalid
                    {"parts": [{"size": 1}]}                              | parts[0]       | required
                    {"parts": [{"size": 1, "tags": [], "more": 1}]}       | parts[0].more  | unknown
                    {"name": "a", "name": "b"}                            | name                 | duplicate
                    {"name":                                              |                | malformed
                    null                                                  |                | malformed
                    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ |                | format
                    """)
    void what_is_wrong_is_told_with_its_place_and_without_a_class(String text, String field, String code) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> json.read(text.getBytes(StandardCharsets.UTF_8), Whole.class))
                .satisfies(e -> {
                    var error = e.problem().fields().getFirst();
                    assertThat(error.field()).isEqualTo(field == null ? "" : field);
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.message()).doesNotContain("dev.slipway", "java.");
                });
    }

    record Exact(
            @Nullable Colour colour,
            @Nullable Instant at,
            @Nullable UUID id) {}

    @ParameterizedTest
    @CsvSource({"colour,RED", "at,2026-01-02T03:04:05Z", "id,4f55c669-a78b-496b-9c69-f1ae56f6c358"})
    void blanks_around_a_value_are_not_ignored(String field, String value) {
        assertThat(json.readTree(Map.of(field, value), Exact.class)).isNotNull();
        for (var other : List.of(value + " ", "\\n" + value)) {
            var body = "{\"%s\":\"%s\"}".formatted(field, other).getBytes(StandardCharsets.UTF_8);
            assertThat(errors(() -> json.read(body, Exact.class)))
                    .singleElement(STRING)
                    .startsWith(field + " format");
        }
    }

    @Test
    void an_empty_body_is_no_object() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> json.read(new byte[0], Whole.class));
    }

    @Test
    void what_cannot_be_written_is_a_bug() {
        assertThatIllegalStateException().isThrownBy(() -> json.write(new Object()));
    }

    @Test
    void a_query_may_have_one_value_for_a_list() {
        assertThat(json.readQuery(Map.of("size", "2", "tags", "x"), Part.class)).isEqualTo(new Part(2, List.of("x")));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> json.readQuery(Map.of("size", "two"), Part.class));
    }

    @Test
    void a_stored_answer_may_have_been_written_by_an_older_version() {
        var operation = Operation.named("read", "Reads.")
                .policy(Policy.anyone())
                .output(Part.class)
                .handle(call -> Outcome.done(new Part(1, List.of())));
        assertThat(json.restore("{\"size\":1,\"tags\":[],\"gone\":true}", operation.description()))
                .contains(new Part(1, List.of()));
        assertThat(json.restore("{", operation.description())).isEmpty();
    }
}
