package dev.slipway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.ProblemException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StorableTest {
    enum Colour {
        RED
    }

    record Part(String name) {}

    record Whole(
            @Nullable String name,
            Optional<String> note,
            List<Part> parts,
            Map<String, String> labels,
            @Nullable Instant at,
            @Nullable LocalDate day,
            double size,
            @Nullable BigDecimal price,
            Colour colour,
            UUID id,
            int number) {
        Whole {
            parts = List.copyOf(parts);
            labels = Map.copyOf(labels);
        }
    }

    private static Whole whole(String text, @Nullable Instant at, @Nullable LocalDate day, double size, String price) {
        return new Whole(
                text,
                Optional.of(text),
                List.of(new Part("a"), new Part(text)),
                Map.of("key", text),
                at,
                day,
                size,
                new BigDecimal(price),
                Colour.RED,
                new UUID(1, 2),
                3);
    }

    private static List<String> wrong(Object input) {
        var refused = catchThrowableOfType(ProblemException.class, () -> Storable.require(input));
        return refused == null
                ? List.of()
                : refused.problem().fields().stream()
                        .map(error -> error.field() + " " + error.code())
                        .toList();
    }

    @Test
    void what_is_ordinary_passes() {
        assertThat(wrong(whole(
                        "\u00e4 \ud83d\ude00",
                        Instant.parse("9999-12-31T23:59:59.999Z"),
                        LocalDate.MIN.withYear(0),
                        1,
                        "1e3")))
                .isEmpty();
        assertThat(wrong(new Whole(
                        null,
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        null,
                        null,
                        0,
                        null,
                        Colour.RED,
                        new UUID(1, 2),
                        3)))
                .isEmpty();
    }

    @Test
    void text_that_is_none_is_found_wherever_it_stands() {
        var everywhere = List.of("name text", "note text", "parts[1].name text", "labels[key] text");
        assertThat(wrong(whole("a\0", null, null, 0, "1"))).isEqualTo(everywhere);
        assertThat(wrong(whole("\ud800", null, null, 0, "1"))).isEqualTo(everywhere);
        assertThat(wrong(Map.of("\0", "a"))).hasSize(1);
    }

    @Test
    void times_and_numbers_that_no_store_takes_are_found() {
        assertThat(wrong(whole("a", Instant.MAX, LocalDate.MIN, Double.NaN, "1e999999999")))
                .containsExactly("at range", "day range", "size range", "price range");
        assertThat(wrong(whole("a", Instant.MIN, LocalDate.MAX, Double.NEGATIVE_INFINITY, "1e-5000")))
                .containsExactly("at range", "day range", "size range", "price range");
    }
}
