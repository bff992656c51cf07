package dev.slipway.core;

import java.util.Locale;
import java.util.regex.Pattern;

/// A number of bytes, written `512B`, `64KB`, `1MB` or `2GB` (steps of 1024).
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,15})\\s*(B|KB|MB|GB)?");

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size must not be negative");
        }
    }

    /// @throws IllegalArgumentException if the text is no size
    public static DataSize parse(String text) {
        var match = WRITTEN.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!match.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size such as 64KB or 1MB");
        }
        var unit = match.group(2);
        var factor = unit == null || unit.equals("B")
                ? 1L
                : switch (unit.charAt(0)) {
                    case 'K' -> 1024L;
                    case 'M' -> 1024L * 1024;
                    default -> 1024L * 1024 * 1024;
                };
        try {
            return new DataSize(Math.multiplyExact(Long.parseLong(match.group(1)), factor));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is too large", e);
        }
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /// The size as an `int`, for APIs that take no more.
    ///
    /// @throws ArithmeticException if it is 2 GB or more
    public int intBytes() {
        return Math.toIntExact(bytes);
    }
}
