package dev.slipway.discovery;

import dev.slipway.testkit.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Targets without a source, by a clock that stands still and by random numbers that can be repeated.
final class Balancer {
    static final EjectionSettings EJECTION =
            new EjectionSettings(3, Duration.ofSeconds(10), Duration.ofSeconds(35), 0.5);
    static final long SEED = 20_260_101;

    final MovableClock clock = MovableClock.atNoon();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Targets targets;

    Balancer(Strategy strategy) {
        this(strategy, EJECTION);
    }

    Balancer(Strategy strategy, EjectionSettings ejection) {
        var random = new Random(SEED);
        System.out.println("seed " + SEED);
        targets = new Targets("inventory", strategy, "a", ejection, clock, random, meters);
    }

    Balancer with(String... instances) {
        targets.replace(Stream.of(instances).map(Instance::parse).toList(), "test");
        return this;
    }

    Balancer with(int instances) {
        return with(hosts(instances));
    }

    static String[] hosts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "host-" + i + ":80").toArray(String[]::new);
    }

    /// Calls that succeed at once, and how many each instance got.
    Map<String, Integer> calls(int count) {
        var counts = new HashMap<String, Integer>();
        for (var i = 0; i < count; i++) {
            try (var pick = targets.pick()) {
                counts.merge(pick.instance().toString(), 1, Integer::sum);
                pick.succeeded();
            }
        }
        return counts;
    }

    /// Calls of which those to the dead fail; returns how many failed.
    int calls(int count, List<String> dead) {
        var failed = 0;
        for (var i = 0; i < count; i++) {
            try (var pick = targets.pick()) {
                if (dead.contains(pick.address())) {
                    failed++;
                    pick.failed();
                } else {
                    pick.succeeded();
                }
            }
        }
        return failed;
    }

    /// Fails calls until the instance has been picked and failed so often.
    void fail(String address, int times) {
        var left = times;
        while (left > 0) {
            try (var pick = targets.pick()) {
                if (pick.address().equals(address)) {
                    pick.failed();
                    left--;
                }
            }
        }
    }

    double gauge(String state) {
        return meters.get("discovery.instances")
                .tags("target", "inventory", "state", state)
                .gauge()
                .value();
    }

    double counter(String name) {
        return meters.get(name).tag("target", "inventory").functionCounter().count();
    }
}
