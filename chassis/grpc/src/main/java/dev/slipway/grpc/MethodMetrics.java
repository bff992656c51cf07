package dev.slipway.grpc;

import dev.slipway.operation.RequestTimer;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Counts and times one method by status; methods come from proto files, so the series are bounded.
final class MethodMetrics {
    /// Any method may end so; there from the start, at 0: a first failure is an increase, too.
    private static final Set<Status.Code> DECLARED = EnumSet.complementOf(EnumSet.of(
            Status.Code.UNKNOWN, Status.Code.OUT_OF_RANGE, Status.Code.UNIMPLEMENTED, Status.Code.DATA_LOSS));

    private final MeterRegistry meters;
    private final String name;
    private final Tags tags;
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(Status.Code.values().length);

    private MethodMetrics(MeterRegistry meters, String name, Tags tags) {
        this.meters = meters;
        this.name = name;
        this.tags = tags;
    }

    static MethodMetrics ofServer(MeterRegistry meters, String method) {
        return new MethodMetrics(meters, "grpc.server.requests", Tags.of("method", method)).declare(DECLARED);
    }

    /// @param name for all methods that the server does not have
    static MethodMetrics ofUnknown(MeterRegistry meters, String name) {
        return new MethodMetrics(meters, "grpc.server.requests", Tags.of("method", name))
                .declare(Set.of(Status.Code.UNIMPLEMENTED));
    }

    /// @param server the name by which this service calls it
    static MethodMetrics ofClient(MeterRegistry meters, String server, String method) {
        return new MethodMetrics(meters, "grpc.client.requests", Tags.of("server", server, "method", method))
                .declare(DECLARED);
    }

    private MethodMetrics declare(Set<Status.Code> statuses) {
        statuses.forEach(status -> timers.set(status.value(), timer(status)));
        return this;
    }

    void record(Status.Code status, long nanos) {
        var timer = timers.getPlain(status.value());
        if (timer == null) {
            timer = timer(status);
            timers.set(status.value(), timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Status.Code status) {
        return RequestTimer.named(name)
                .description("Calls by gRPC")
                .tags(tags.and("status", status.name()))
                .register(meters);
    }
}
