package dev.slipway.web;

import dev.slipway.operation.RequestTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Counts and times one route by status, as `http.server.requests`; the path is the template, so the series are bounded.
final class RouteMetrics {
    private static final int STATUSES = 600;

    private final MeterRegistry meters;
    private final String method;
    private final String path;
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(STATUSES);

    RouteMetrics(MeterRegistry meters, String method, String path) {
        this.meters = meters;
        this.method = method;
        this.path = path;
    }

    /// Answers that are known to come are there from the start, at 0: a first failure is an increase, too.
    void declare(int status) {
        timers.set(status, timer(status));
    }

    void record(int status, long nanos) {
        var timer = timers.getPlain(status);
        if (timer == null) {
            timer = timer(status);
            timers.set(status, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(int status) {
        return RequestTimer.named("http.server.requests")
                .description("Served requests")
                .tags("method", method, "path", path, "status", String.valueOf(status))
                .register(meters);
    }
}
