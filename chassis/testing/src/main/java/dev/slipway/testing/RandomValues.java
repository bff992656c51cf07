package dev.slipway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Values at the edges of what types can hold, among many that are right: what is wrong alone gets the furthest.
///
/// @param samples right ones, by the names of their fields
record RandomValues(Map<String, JsonNode> samples, Random random) {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "x".repeat(5_000),
            "0198f1d2-0000-7000-8000-000000000001",
            "1-1-1-1-1",
            "ann@example.com",
            "2026-11-30",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "2026-11-30T23:59:60Z",
            "1e999",
            "de-DE",
            "EUR",
            "eyJhIjoxfQ");
    private static final List<Long> NUMBERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            100L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            253_402_300_800L,
            -62_135_596_801L,
            999_999_999_999_999_999L,
            Long.MAX_VALUE,
            Long.MIN_VALUE);
    private static final List<Double> FRACTIONS = List.of(0.0, -0.0, 0.1, 1e300, -1e300, Double.MIN_VALUE);

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    String text(String field) {
        var sample = samples.get(field);
        return sample != null && !oneIn(3) ? sample.asText() : text();
    }

    long number(String field) {
        var sample = samples.get(field);
        return sample != null && !oneIn(3) ? sample.asLong() : number();
    }

    String text() {
        return oneIn(4) ? RandomText.wellFormed(random, 30) : any(TEXTS);
    }

    long number() {
        return oneIn(4) ? random.nextLong() : any(NUMBERS);
    }

    double fraction() {
        return any(FRACTIONS);
    }

    byte[] bytes() {
        var bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
