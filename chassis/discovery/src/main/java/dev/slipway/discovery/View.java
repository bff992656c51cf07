package dev.slipway.discovery;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The instances that calls may go to, prepared for one strategy; never changed, only replaced.
final class View {
    /// No ejection ends.
    static final long NEVER = Long.MAX_VALUE;

    /// How much more than its fair share a zone may carry before others help, as in Envoy's overprovisioning factor.
    private static final double HEADROOM = 1.4;

    /// When the next ejected instance is due to be probed.
    final long probeAt;

    /// When an ejected instance was judged last: a clock that shows less has been set back.
    final long judgedAt;

    private final Strategy strategy;
    private final AtomicInteger turn;
    private final RandomGenerator random;
    private final Upstream[] usable;
    private final Upstream[] near;
    private final Upstream[] far;
    private final double nearShare;
    private final @Nullable Ring ring;

    View(List<Upstream> upstreams, Strategy strategy, String zone, AtomicInteger turn, RandomGenerator random) {
        this.strategy = strategy;
        this.turn = turn;
        this.random = random;
        var ejected = upstreams.stream().filter(it -> it.ejected).toList();
        probeAt = ejected.stream().mapToLong(it -> it.probeAt).min().orElse(NEVER);
        judgedAt = ejected.stream().mapToLong(it -> it.judgedAt).max().orElse(NEVER);
        var rest = upstreams.stream().filter(it -> !it.ejected).toList();
        usable = rest.toArray(Upstream[]::new);
        near = array(rest, it -> it.instance.zone().equals(zone));
        far = array(rest, it -> !it.instance.zone().equals(zone));
        var zones = rest.stream().map(it -> it.instance.zone()).distinct().count();
        nearShare = far.length == 0 ? 1 : HEADROOM * near.length * zones / usable.length;
        ring = strategy == Strategy.RING_HASH && usable.length > 0 ? new Ring(rest) : null;
    }

    private static Upstream[] array(List<Upstream> all, Predicate<Upstream> which) {
        return all.stream().filter(which).toArray(Upstream[]::new);
    }

    /// Null if there is none that can be reached.
    @Nullable
    Upstream pick(@Nullable String key, Predicate<Upstream> reachable) {
        if (key != null && ring != null) {
            return ring.ownerOf(key, reachable);
        }
        for (var attempt = 0; attempt < usable.length; attempt++) {
            var picked = pick();
            if (reachable.test(picked)) {
                return picked;
            }
        }
        for (var each : usable) {
            if (reachable.test(each)) {
                return each;
            }
        }
        return null;
    }

    private Upstream pick() {
        return switch (strategy) {
            case ROUND_ROBIN, RING_HASH -> next();
            case LEAST_REQUESTS -> fewestRequests(usable);
            case ZONE_AWARE -> fewestRequests(isNear() ? near : far);
        };
    }

    private Upstream next() {
        return usable[Math.floorMod(turn.getAndIncrement(), usable.length)];
    }

    private boolean isNear() {
        return nearShare >= 1 || random.nextDouble() < nearShare;
    }

    private Upstream fewestRequests(Upstream[] among) {
        if (among.length == 1) {
            return among[0];
        }
        var generator = random;
        var one = generator.nextInt(among.length);
        var other = (one + 1 + generator.nextInt(among.length - 1)) % among.length;
        return among[other].inFlight.get() < among[one].inFlight.get() ? among[other] : among[one];
    }
}
