package dev.slipway.resilience;

import dev.slipway.core.Time;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sheds load at the entrance of a server: takes on as many requests at once as it can serve in about the usual time.
///
/// ```java
/// var limit = new ConcurrencyLimit("http", settings.limit(), time, meters);
/// var place = limit.workload();                     // one for each kind of request
///
/// var begin = time.nanoTime();
/// if (place.tryAcquire()) {
///     try { serve(); } finally { place.release(begin, time.nanoTime(), Sample.SERVED); }
/// }
/// ```
///
/// Each operation learns how long it usually takes. If nearly all requests of a moment took much longer, a queue stands
/// behind it, and the limit becomes half of what is in flight; else it grows by a quarter, up to
/// `most`. That is TCP's additive increase and multiplicative decrease with a delay as the signal; since as long again as
/// usual is always tolerated, halving never leaves the server idle ([ADR 11](docs/adr/0011-resilience.md)). If
/// requests are slow even at `least`, concurrency is not the reason: then this becomes what is usual.
///
/// Thread-safe; two atomic operations for each request.
public final class ConcurrencyLimit {

    /// What a request says about the load.
    public enum Sample {
        /// It was worked on: how long it took counts.
        SERVED,
        /// It was given up for taking too long: it counts as late, if it had the time that is always tolerated.
        OVERLOADED,
        /// Nothing: it was refused before any work, it is a stream, or the client went away.
        UNMEASURED
    }

    /// A kind of request, with a usual time of its own.
    public final class Workload {
        private final AtomicLong usual = new AtomicLong();
        private int learnt;
        private long lastOfFirst = judgedFrom;

        private Workload() {}

        /// Whether one more request may come in; if so, [#release] must follow.
        public boolean tryAcquire() {
            if (inFlight.get() < limit) {
                if (inFlight.incrementAndGet() <= limit) {
                    return true;
                }
                inFlight.decrementAndGet();
            }
            refuse();
            return false;
        }

        /// @param begin when the request came in, by [System#nanoTime]
        /// @param now when it has ended
        public void release(long begin, long now, Sample sample) {
            inFlight.decrementAndGet();
            var tooSoonToTell = sample == Sample.OVERLOADED && now - begin < tolerated;
            if (sample != Sample.UNMEASURED && !tooSoonToTell) {
                measure(begin, now, sample);
            }
        }

        private void measure(long begin, long now, Sample sample) {
            var took = now - begin;
            var first = learnt < FIRST_REQUESTS || begin - lastOfFirst <= 0;
            var known = usual.getPlain();
            var bearable = known + Math.max(tolerated, known);
            var late = sample == Sample.OVERLOADED || (!first && took > bearable);
            if (begin - judgedFrom < 0) {
                earlier.addAndGet(late ? ONE_LATE : ONE);
                return;
            }
            if (late) {
                lateBearable.add(bearable);
                lateTook.add(Math.max(took, bearable));
            }
            if (sample == Sample.SERVED) {
                learn(took, known, first, begin);
            }
            var counted = tally.addAndGet(late ? ONE_LATE : ONE);
            if ((counted & COUNT) == 1) {
                windowBegan.setPlain(now);
            } else if ((counted & COUNT) >= LEAST_REQUESTS && now - windowBegan.getPlain() >= WINDOW) {
                judge(now);
            }
        }

        /// The mean of the first requests that end and of all that came in among them, since who ends first was quick;
        /// then an expectile: it falls faster than it rises, so it stays near the time of a request that did not wait.
        /// What threads overwrite here is lost; the next request brings it again.
        private void learn(long took, long known, boolean first, long begin) {
            if (first) {
                if (begin - lastOfFirst > 0) {
                    lastOfFirst = begin;
                }
                learnt++;
                usual.setPlain(known + (took - known) / learnt);
            } else if (took < known) {
                usual.setPlain(known - ((known - took) >> fall));
            } else if (rise < NEVER) {
                usual.setPlain(known + ((took - known) >> rise));
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConcurrencyLimit.class);
    private static final long WINDOW = 100_000_000;
    private static final int LEAST_REQUESTS = 20;
    private static final int FIRST_REQUESTS = 16;
    private static final double NEARLY_ALL = 0.9;

    private static final double LEAST_CUT = 0.5;
    private static final double MOST_CUT = 0.1;

    private static final long COUNT = 0xffff_ffffL;
    private static final long ONE = 1;
    private static final long ONE_LATE = ONE + (1L << 32);

    /// The time in which a lasting change becomes usual, while there is no shortage.
    private static final double SLOW = 60e9;

    /// How much faster, in powers of two, what is usual falls than it rises.
    private static final int FASTER_DOWN = 3;

    /// By how many bits the distance to a new time is shifted when it is learnt at once, or not at all.
    private static final int FAST = 4;

    private static final int NEVER = 63;

    private final int least;
    private final int most;
    private final long tolerated;
    private final Counter refused;
    private final ThrottledLog shedding;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong tally = new AtomicLong();

    /// Of those who came in before the limit last changed.
    private final AtomicLong earlier = new AtomicLong();

    private final LongAdder lateTook = new LongAdder();
    private final LongAdder lateBearable = new LongAdder();
    private final AtomicBoolean judging = new AtomicBoolean();
    private final AtomicLong windowBegan;
    private volatile int limit;
    private volatile int rise = NEVER;
    private volatile int fall = FASTER_DOWN;
    private volatile boolean sheds;
    private volatile long judgedFrom;

    /// @param server what it protects, for metrics and logs, for example `http`
    public ConcurrencyLimit(String server, ConcurrencyLimitSettings settings, Time time, MeterRegistry meters) {
        this(server, settings, meters, time::nanoTime);
    }

    ConcurrencyLimit(String server, ConcurrencyLimitSettings settings, MeterRegistry meters, LongSupplier nanos) {
        this.least = settings.least();
        this.most = settings.most();
        this.tolerated = settings.toleratedDelay().toNanos();
        this.limit = most;
        this.judgedFrom = nanos.getAsLong();
        this.windowBegan = new AtomicLong(judgedFrom);
        this.shedding = new ThrottledLog(
                nanos, times -> LOG.warn("{}: refused {} requests; it now takes on {} at once", server, times, limit));
        this.refused = Counter.builder("server.concurrency.refused")
                .description("Requests that were refused for overload")
                .tag("server", server)
                .register(meters);
        Gauge.builder("server.concurrency.limit", this, ConcurrencyLimit::limit)
                .description("Requests that are served at once at the most")
                .tag("server", server)
                .register(meters);
        Gauge.builder("server.concurrency.in.flight", this, ConcurrencyLimit::inFlight)
                .description("Requests that are served now")
                .tag("server", server)
                .register(meters);
    }

    /// Another kind of request, whose usual time is not that of the others: a route, a method, a query.
    public Workload workload() {
        return new Workload();
    }

    /// How many requests are taken on at once, now.
    public int limit() {
        return limit;
    }

    public int inFlight() {
        return inFlight.get();
    }

    private void refuse() {
        if (!sheds) {
            sheds = true;
        }
        refused.increment();
        shedding.happened();
    }

    private static boolean nearlyAllLate(long counted) {
        return (counted >>> 32) > NEARLY_ALL * (counted & COUNT);
    }

    private void judge(long now) {
        if (!judging.compareAndSet(false, true)) {
            return;
        }
        try {
            var counted = tally.getAndSet(0);
            var requests = counted & COUNT;
            if (requests < LEAST_REQUESTS) {
                return;
            }
            var share = (double) lateBearable.sumThenReset() / Math.max(1, lateTook.sumThenReset());
            var others = earlier.getAndSet(0);
            var crowded = nearlyAllLate(counted);
            if (!crowded && nearlyAllLate(counted + others)) {
                // Those who came in since the last change and have ended are the quick ones: wait for the others.
                return;
            }
            var before = limit;
            var present = inFlight.get();
            var after = crowded
                    ? Math.max(least, (int) (Math.min(before, present) * Math.clamp(share, MOST_CUT, LEAST_CUT)))
                    : Math.min(most, before + Math.max(1, before / 4));
            var slow = Math.max(FAST, -Math.getExponent((now - windowBegan.getPlain()) / SLOW / requests));
            var bound = sheds || present * 2 >= before;
            if (crowded) {
                rise = before == least ? FAST : NEVER;
                fall = NEVER;
            } else {
                rise = bound ? NEVER : slow;
                fall = bound ? NEVER : slow - FASTER_DOWN;
            }
            sheds = false;
            if (after != before) {
                limit = after;
                // Who came in before has waited among as many as were let in before, and proves nothing about now.
                judgedFrom = now;
                LOG.debug("takes on {} requests at once, after {}", after, before);
            }
        } finally {
            judging.set(false);
        }
    }
}
