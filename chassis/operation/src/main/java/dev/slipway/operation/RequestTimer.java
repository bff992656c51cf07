package dev.slipway.operation;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// Times requests, with the same buckets for each protocol, so that their histograms can be added.
public final class RequestTimer {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private RequestTimer() {}

    /// @param name of the metric, for example `http.server.requests`
    public static Timer.Builder named(String name) {
        return Timer.builder(name).serviceLevelObjectives(BUCKETS);
    }
}
