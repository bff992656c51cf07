package dev.slipway.discovery;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The instances of one service as they come and go, and the balancer over them. Thread-safe.
///
/// ```java
/// try (var pick = inventory.pick()) {
///     call(pick.address());
///     pick.succeeded();
/// }
/// ```
///
/// What is known is used until something newer is known. An instance that fails several times in a row is ejected; then
/// one call is sent to probe it, and it is back when that one succeeds. Not more than a share of the instances is
/// ejected, the first to fail; and when all fail, none is.
public final class Targets {
    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

    /// Bounds on what a source that has gone wrong, or a caller that forgets to close, can cost.
    static final int MOST_INSTANCES = 1_000;

    static final int MOST_WATCHERS = 100;
    private static final int MOST_IN_A_LOG_LINE = 20;

    private final String name;
    private final Strategy strategy;
    private final String zone;
    private final EjectionSettings ejection;
    private final Clock clock;
    private final RandomGenerator random;
    private final AtomicInteger turn;
    private final LongAdder picks = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder ejections = new LongAdder();

    /// Guards the upstreams' state and who is among them.
    private final Object lock = new Object();

    /// Held while watchers are told, so that each hears of the changes in their order.
    private final Object telling = new Object();

    private final List<Watcher> watchers = new ArrayList<>();
    private volatile Map<String, Upstream> upstreams = Map.of();
    private volatile List<Instance> instances = List.of();
    private volatile View view;
    private volatile boolean stale;

    Targets(
            String name,
            Strategy strategy,
            String zone,
            EjectionSettings ejection,
            Clock clock,
            RandomGenerator random,
            MeterRegistry meters) {
        this.name = name;
        this.strategy = strategy;
        this.zone = zone;
        this.ejection = ejection;
        this.clock = clock;
        this.random = random;
        // Copies of a service that start together must not all begin with the same instance.
        this.turn = new AtomicInteger(random.nextInt());
        this.view = viewOf(List.of());
        register(meters);
    }

    private void register(MeterRegistry meters) {
        states(meters, "available", it -> !it.failing);
        states(meters, "failing", it -> it.failing && !it.ejected);
        states(meters, "ejected", it -> it.ejected);
        Gauge.builder("discovery.stale", this, it -> it.stale ? 1 : 0)
                .description("Whether the source has been silent for too long")
                .tag("target", name)
                .register(meters);
        counter(meters, "discovery.picks", picks, "Calls that an instance was picked for");
        counter(meters, "discovery.failures", failures, "Calls that an instance failed");
        counter(meters, "discovery.ejections", ejections, "Instances that were ejected");
    }

    private void states(MeterRegistry meters, String state, Predicate<Upstream> which) {
        Gauge.builder("discovery.instances", this, it -> it.count(which))
                .description("Known instances; failing ones are used because too many fail")
                .tag("target", name)
                .tag("state", state)
                .register(meters);
    }

    private void counter(MeterRegistry meters, String meter, LongAdder value, String description) {
        FunctionCounter.builder(meter, value, LongAdder::sum)
                .description(description)
                .tag("target", name)
                .register(meters);
    }

    public String name() {
        return name;
    }

    /// All instances that are known, ejected ones too.
    public List<Instance> instances() {
        return instances;
    }

    /// Whether the source has not answered for longer than the settings allow; its last instances are used meanwhile.
    public boolean isStale() {
        return stale;
    }

    /// Picks an instance for one call.
    ///
    /// @throws NoInstanceException if none is known
    public Pick pick() {
        return pick(null);
    }

    /// Picks an instance for one call; by [Strategy#RING_HASH] the same for the same key, as long as it is there. An
    /// instance that is due to be probed comes first, whatever the key.
    ///
    /// @throws NoInstanceException if none is known
    public Pick pick(@Nullable String key) {
        var chosen = choose(key, any -> true);
        if (chosen == null) {
            throw new NoInstanceException(name);
        }
        return begin(chosen);
    }

    /// What [#pick] does, among those that can be reached, and without a call yet; null if there is none of them. One that
    /// is ejected is chosen, besides for a probe, if no other can be reached.
    @Nullable
    Upstream choose(@Nullable String key, Predicate<Upstream> reachable) {
        var now = view;
        var due = now.probeAt == View.NEVER ? null : dueForProbe(now, reachable);
        if (due != null) {
            return due;
        }
        var chosen = now.pick(key, reachable);
        return chosen != null
                ? chosen
                : upstreams.values().stream().filter(reachable).findFirst().orElse(null);
    }

    /// A call to an instance that was chosen.
    Pick begin(Upstream chosen) {
        picks.increment();
        return new Pick(this, chosen);
    }

    /// Tells a listener of the instances: at once, and of each change until the result is closed.
    ///
    /// It is called by one thread at a time, in the order of the changes, and must return soon. Ejections are no
    /// changes.
    ///
    /// @throws IllegalStateException if there are too many: somebody forgets to close
    public Watch watch(Consumer<List<Instance>> listener) {
        synchronized (telling) {
            if (watchers.size() >= MOST_WATCHERS) {
                throw new IllegalStateException(name + " is watched by " + MOST_WATCHERS + " already");
            }
            var watcher = new Watcher(listener);
            watchers.add(watcher);
            watcher.tell();
            return watcher;
        }
    }

    /// What a listener stops listening with.
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Takes what the source says now; who was known before keeps what was seen of it.
    ///
    /// @param source for the log
    void replace(Collection<Instance> news, String source) {
        synchronized (telling) {
            if (change(news, source)) {
                watchers.forEach(Watcher::tell);
            }
        }
    }

    private boolean change(Collection<Instance> news, String source) {
        synchronized (lock) {
            var before = upstreams;
            var after = new LinkedHashMap<String, Upstream>();
            for (var instance : news) {
                if (after.size() < MOST_INSTANCES) {
                    var known = before.get(instance.address());
                    after.putIfAbsent(
                            instance.address(),
                            known != null && known.instance.equals(instance) ? known : new Upstream(instance));
                }
            }
            // The DNS gives them in another order each time.
            if (Set.copyOf(after.values()).equals(Set.copyOf(before.values()))) {
                return false;
            }
            upstreams = after;
            instances = after.values().stream().map(it -> it.instance).toList();
            rebuild();
            LOG.info(
                    "{} has {} instances by {}: added {}, removed {}",
                    name,
                    after.size(),
                    source,
                    difference(after, before),
                    difference(before, after));
            if (news.size() > MOST_INSTANCES) {
                LOG.warn("{} has {} instances by {}; only {} are used", name, news.size(), source, MOST_INSTANCES);
            }
            return true;
        }
    }

    private static String difference(Map<String, Upstream> some, Map<String, Upstream> others) {
        var only =
                some.values().stream().filter(it -> !others.containsValue(it)).toList();
        var shown = only.stream().limit(MOST_IN_A_LOG_LINE).map(Upstream::toString);
        var more = only.size() > MOST_IN_A_LOG_LINE ? " and " + (only.size() - MOST_IN_A_LOG_LINE) + " more" : "";
        return shown.collect(Collectors.joining(", ", "[", "]")) + more;
    }

    private final class Watcher implements Watch {
        private final Consumer<List<Instance>> listener;

        private Watcher(Consumer<List<Instance>> listener) {
            this.listener = listener;
        }

        private void tell() {
            try {
                listener.accept(instances);
            } catch (RuntimeException e) {
                LOG.error("a watcher of {} failed", name, e);
            }
        }

        @Override
        public void close() {
            synchronized (telling) {
                watchers.remove(this);
            }
        }
    }

    void stale(boolean now) {
        stale = now;
    }

    void succeeded(Upstream upstream, int verdicts) {
        if (upstream.failures.get() != 0) {
            upstream.failures.set(0);
        }
        if (upstream.failing) {
            recover(upstream, verdicts);
        }
    }

    void failed(Upstream upstream, int verdicts) {
        failures.increment();
        var inARow = upstream.failures.incrementAndGet();
        if (ejection.enabled() && (upstream.failing ? upstream.ejected : inARow >= ejection.failures())) {
            fail(upstream, verdicts);
        }
    }

    private void recover(Upstream upstream, int verdicts) {
        synchronized (lock) {
            if (upstream.failing && upstream.verdicts == verdicts) {
                upstream.verdicts++;
                upstream.failing = false;
                upstream.recoveredAt = clock.millis();
                rebuild();
                LOG.info("{}: {} serves again", name, upstream);
            }
        }
    }

    /// The first time it is ejected, or a probe has failed. Calls to failing instances that are used nevertheless tell
    /// nothing new.
    private void fail(Upstream upstream, int verdicts) {
        synchronized (lock) {
            if (upstream.verdicts != verdicts || (upstream.failing && !upstream.ejected)) {
                return;
            }
            var now = clock.millis();
            var first = !upstream.failing;
            upstream.verdicts++;
            upstream.ejection = nextEjection(upstream, now);
            upstream.failing = true;
            upstream.failingSince = first ? now : upstream.failingSince;
            upstream.judgedAt = now;
            upstream.probeAt = now + upstream.ejection;
            if (first) {
                ejections.increment();
            }
            rebuild();
            LOG.warn(
                    "{}: {} {}; {}",
                    name,
                    upstream,
                    first ? "failed " + ejection.failures() + " times in a row" : "fails still",
                    upstream.ejected
                            ? "ejected for " + Duration.ofMillis(upstream.ejection)
                            : "used nevertheless, as too many others fail");
        }
    }

    /// Twice as long as the last one, unless the instance has served for as long as that one lasted.
    private long nextEjection(Upstream upstream, long now) {
        var servedWell = !upstream.failing && now - upstream.recoveredAt >= upstream.ejection;
        return upstream.ejection == 0 || servedWell
                ? ejection.first().toMillis()
                : Math.min(ejection.longest().toMillis(), upstream.ejection * 2);
    }

    /// The instance that this call is to probe, if one is due; others leave it alone until the probe has had its time.
    private @Nullable Upstream dueForProbe(View now, Predicate<Upstream> reachable) {
        var time = clock.millis();
        if (time < now.probeAt && time >= now.judgedAt) {
            return null;
        }
        synchronized (lock) {
            for (var upstream : upstreams.values()) {
                // The second condition: the clock was set back.
                if (upstream.ejected
                        && (time >= upstream.probeAt || time < upstream.judgedAt)
                        && reachable.test(upstream)) {
                    upstream.judgedAt = time;
                    upstream.probeAt = time + upstream.ejection;
                    rebuild();
                    return upstream;
                }
            }
            return null;
        }
    }

    /// Decides who is left out: those that have failed for longest, up to the share; nobody when all fail.
    private void rebuild() {
        var all = List.copyOf(upstreams.values());
        var failing = all.stream()
                .filter(it -> it.failing)
                .sorted(Comparator.comparingLong(it -> it.failingSince))
                .toList();
        var most = failing.size() == all.size() ? 0 : ejection.most(all.size());
        for (var i = 0; i < failing.size(); i++) {
            failing.get(i).ejected = i < most;
        }
        all.stream().filter(it -> !it.failing).forEach(it -> it.ejected = false);
        view = viewOf(all);
    }

    private View viewOf(List<Upstream> all) {
        return new View(all, strategy, zone, turn, random);
    }

    private long count(Predicate<Upstream> which) {
        return upstreams.values().stream().filter(which).count();
    }

    @Override
    public String toString() {
        return "%s (%s instances, %s ejected%s)"
                .formatted(name, instances.size(), count(it -> it.ejected), stale ? ", stale" : "");
    }
}
