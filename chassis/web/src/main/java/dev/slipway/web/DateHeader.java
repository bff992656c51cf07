package dev.slipway.web;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/// The header `Date` ([RFC 9110, 6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)), written anew each second:
/// Helidon 4.3.1 writes it in the zone of the machine. Thread-safe.
final class DateHeader {
    /// [DateTimeFormatter#RFC_1123_DATE_TIME] writes days with one digit.
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record Written(long second, Header header) {}

    private final Clock clock;
    private volatile Written last;

    DateHeader(Clock clock) {
        this.clock = clock;
        this.last = written(second());
    }

    Header now() {
        var second = second();
        var known = last;
        if (known.second() != second) {
            known = written(second);
            last = known;
        }
        return known.header();
    }

    static String text(Instant time) {
        return FORMAT.format(time);
    }

    private long second() {
        return Math.floorDiv(clock.millis(), 1_000L);
    }

    private static Written written(long second) {
        return new Written(second, HeaderValues.createCached(HeaderNames.DATE, text(Instant.ofEpochSecond(second))));
    }
}
