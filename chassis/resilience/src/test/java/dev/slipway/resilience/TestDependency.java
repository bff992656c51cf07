package dev.slipway.resilience;

import ch.qos.logback.classic.Level;
import dev.slipway.core.Time;
import dev.slipway.testkit.CapturedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// A dependency whose circuit goes by a time that the test moves, with its meters and its log.
final class TestDependency implements AutoCloseable {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CapturedLog log = CapturedLog.of(Dependency.class);
    private final Nanos time;
    private final Dependency dependency;

    TestDependency(TestPolicy policy) {
        this(policy, Clock.systemUTC());
    }

    TestDependency(TestPolicy policy, Clock clock) {
        this(policy, clock, new Nanos());
    }

    private TestDependency(TestPolicy policy, Clock clock, Nanos time) {
        this(policy, clock, time, time);
    }

    /// One whose circuit goes by the time that passes.
    static TestDependency inRealTime(TestPolicy policy) {
        return new TestDependency(policy, Clock.systemUTC(), new Nanos(), System::nanoTime);
    }

    private TestDependency(TestPolicy policy, Clock clock, Nanos time, LongSupplier nanos) {
        this.time = time;
        dependency = new Dependency(
                "provider",
                policy.settings(),
                meters,
                Dependency::isFailure,
                Time.of(clock),
                nanos,
                RandomGenerator.getDefault());
    }

    Dependency get() {
        return dependency;
    }

    Nanos time() {
        return time;
    }

    /// How many calls ended so.
    long calls(String outcome) {
        return meters.get("dependency.calls").tag("outcome", outcome).timer().count();
    }

    double count(String counter) {
        return meters.get(counter).counter().count();
    }

    double gauge(String gauge) {
        return meters.get(gauge).gauge().value();
    }

    boolean isIn(String state) {
        return meters.get("dependency.circuit.state")
                        .tag("state", state)
                        .gauge()
                        .value()
                == 1;
    }

    List<String> logged(Level level) {
        return log.messages(level);
    }

    @Override
    public void close() {
        log.close();
    }
}
