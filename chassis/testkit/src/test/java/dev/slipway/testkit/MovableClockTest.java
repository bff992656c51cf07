package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MovableClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final MovableClock clock = MovableClock.at(START);

    @Test
    void it_stands_still_until_it_is_moved() {
        assertThat(clock.instant()).isEqualTo(START).isEqualTo(clock.instant());

        clock.pass(Duration.ofHours(2));
        assertThat(clock.instant()).isEqualTo("2026-03-01T14:00:00Z");

        clock.pass(Duration.ofHours(-3));
        assertThat(clock.millis()).isEqualTo(START.minus(Duration.ofHours(1)).toEpochMilli());
    }

    @Test
    void it_is_the_same_clock_in_every_zone() {
        var tokyo = clock.withZone(ZoneId.of("Asia/Tokyo"));

        clock.pass(Duration.ofDays(1));

        assertThat(tokyo.instant()).isEqualTo(clock.instant());
        assertThat(tokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    }
}
