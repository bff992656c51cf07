package dev.slipway.resilience;

import dev.slipway.core.Assembly;
import dev.slipway.core.CallContext;
import dev.slipway.core.Health;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import dev.slipway.core.Use;
import dev.slipway.resilience.DependencyException.BulkheadFull;
import dev.slipway.resilience.DependencyException.CircuitOpen;
import dev.slipway.resilience.DependencyException.Failed;
import dev.slipway.resilience.DependencyException.Interrupted;
import dev.slipway.resilience.DependencyException.TimedOut;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something beyond this service that may be slow or away, and how it is called.
///
/// ```java
/// var provider = Dependency.open(service, "payment-provider", settings.paymentProvider(), meters);
///
/// provider.call(() -> client.charge(order));                                   // once: it must not happen twice
/// provider.retrying().call(() -> client.status(payment));                      // may be repeated
/// provider.retrying().callOr(() -> client.rate(currency), failure -> lastKnown);
/// ```
///
/// A call ends within the policy's time limit and the deadline of the [CallContext], whatever the dependency does. Each
/// attempt waits for its turn (bulkhead), is refused while the circuit is open, and is interrupted when its time is over
/// ([ADR 11](docs/adr/0011-resilience.md)). It runs on a virtual thread of its own, where of all scoped values only the
/// [CallContext] is bound: units of work do not reach into it.
///
/// Who calls gets the result, a [DependencyException], or, unchanged, a runtime exception that is no failure of the
/// dependency. All failures count for the circuit and may be retried, on [retrying][#retrying()] calls alone. An interrupt
/// of the caller interrupts the attempt, and stays set.
///
/// While the circuit is not closed, the service is [degraded][Assembly#optionalHealth].
///
/// Thread-safe. Several services, and several dependencies of one, share nothing.
public final class Dependency {
    private static final Logger LOG = LoggerFactory.getLogger(Dependency.class);
    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final String name;
    private final DependencySettings settings;
    private final int most;
    private final Time time;
    private final RandomGenerator random;
    private final CircuitBreaker circuit;
    private final Attempts attempts;
    private final RetryBudget budget;
    private final DependencyMetrics metrics;
    private final ThrottledLog budgetSpent;
    private final ThrottledLog bulkheadFull;

    /// Whether something that happens is the dependency's failure, if nothing else is said: everything but what a client
    /// could mend (a [ProblemException] with a status below 500) and what only a programmer can.
    public static boolean isFailure(RuntimeException e) {
        return switch (e) {
            case ProblemException known -> known.problem().kind().isFailure();
            case NullPointerException bug -> false;
            case IllegalArgumentException bug -> false;
            case IndexOutOfBoundsException bug -> false;
            case ClassCastException bug -> false;
            default -> true;
        };
    }

    /// A dependency whose failures are those of [#isFailure].
    ///
    /// @param name a slug, unique in the service; health, metrics and logs carry it
    public static Dependency open(Assembly service, String name, DependencySettings settings, MeterRegistry meters) {
        return open(service, name, settings, meters, Dependency::isFailure);
    }

    /// @param isFailure whether an exception is the dependency's failure, and no answer; a checked exception always is
    public static Dependency open(
            Assembly service,
            String name,
            DependencySettings settings,
            MeterRegistry meters,
            Predicate<? super RuntimeException> isFailure) {
        var dependency = new Dependency(
                name, settings, meters, isFailure, service.time(), service.time()::nanoTime, service.random());
        service.uses(Use.Kind.CALL, name);
        service.optionalHealth(name, dependency::health);
        return dependency;
    }

    /// @param nanos what the circuit and the log go by
    Dependency(
            String name,
            DependencySettings settings,
            MeterRegistry meters,
            Predicate<? super RuntimeException> isFailure,
            Time time,
            LongSupplier nanos,
            RandomGenerator random) {
        if (!SLUG.matcher(name).matches()) {
            throw new IllegalArgumentException("not a slug: \"" + name + "\"");
        }
        this.name = name;
        this.settings = settings;
        this.most = 1;
        this.time = time;
        this.random = random;
        this.circuit = circuit(name, settings.circuitBreaker(), monotonic(nanos));
        var slots = new Semaphore(settings.bulkhead().concurrency(), true);
        this.attempts = new Attempts(name, settings, isFailure, time, slots, circuit);
        this.budget = new RetryBudget(settings.retry().budget());
        this.metrics = new DependencyMetrics(name, meters, circuit, slots, budget);
        this.budgetSpent =
                new ThrottledLog(nanos, times -> LOG.warn("{}: the budget did not pay for {} retries", name, times));
        this.bulkheadFull =
                new ThrottledLog(nanos, times -> LOG.warn("{}: the bulkhead was full for {} attempts", name, times));
        circuit.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    /// A jump of the system's clock does not hold the circuit open.
    private static Clock monotonic(LongSupplier nanos) {
        var begin = nanos.getAsLong();
        InstantSource time = () -> Instant.EPOCH.plusNanos(nanos.getAsLong() - begin);
        return time.withZone(ZoneOffset.UTC);
    }

    private Dependency(Dependency other, int most) {
        this.name = other.name;
        this.settings = other.settings;
        this.most = most;
        this.time = other.time;
        this.random = other.random;
        this.circuit = other.circuit;
        this.attempts = other.attempts;
        this.budget = other.budget;
        this.metrics = other.metrics;
        this.budgetSpent = other.budgetSpent;
        this.bulkheadFull = other.bulkheadFull;
    }

    /// The same dependency, for calls that may happen more than once: reads, and writes that carry an idempotency key.
    public Dependency retrying() {
        return new Dependency(this, settings.retry().attempts());
    }

    /// Calls the dependency.
    ///
    /// @throws DependencyException if it brings nothing
    public <T extends @Nullable Object> T call(Callable<T> work) {
        var begin = time.nanoTime();
        var outcome = DependencyMetrics.Result.REFUSED;
        try {
            var result = repeat(work);
            outcome = DependencyMetrics.Result.OK;
            return result;
        } catch (DependencyException e) {
            outcome = DependencyMetrics.Result.of(e);
            if (e instanceof BulkheadFull) {
                bulkheadFull.happened();
            }
            throw e;
        } finally {
            metrics.called(outcome, time.nanoTime() - begin);
        }
    }

    /// Calls the dependency, and makes do with something else if it brings nothing.
    ///
    /// The fallback runs on the caller's thread, outside the policy. It is not asked when the caller was interrupted.
    public <T extends @Nullable Object> T callOr(Callable<T> work, Function<DependencyException, T> fallback) {
        try {
            return call(work);
        } catch (Interrupted e) {
            throw e;
        } catch (DependencyException e) {
            metrics.fellBack();
            LOG.debug("{}: falls back", name, e);
            return fallback.apply(e);
        }
    }

    private <T extends @Nullable Object> T repeat(Callable<T> work) {
        var deadline = CallContext.current().flatMap(CallContext::deadline);
        var limit = TimeLimit.of(settings.timeLimit(), deadline, time);
        DependencyException failure = null;
        for (var attempt = 1; ; attempt++) {
            try {
                return attempt(work, limit, attempt);
            } catch (Failed | TimedOut e) {
                if (attempt == most || !pause(attempt, limit, e)) {
                    throw e;
                }
                failure = e;
            } catch (CircuitOpen | BulkheadFull e) {
                throw failure == null ? e : failure;
            }
        }
    }

    private <T extends @Nullable Object> T attempt(Callable<T> work, TimeLimit limit, int attempt) {
        var patience = attempt < most
                ? settings.retry().attemptTimeLimit().map(limit::atMost).orElse(limit)
                : limit;
        return attempts.make(work, patience, attempt == 1 ? budget::payIn : metrics::retried);
    }

    /// Whether another attempt makes sense; if so, its time has come.
    private boolean pause(int attempt, TimeLimit limit, DependencyException failure) {
        var retry = settings.retry();
        var doubled = (long) Math.scalb((double) retry.firstPause().toNanos(), attempt - 1);
        var ceiling = Math.min(retry.longestPause().toNanos(), doubled);
        var asked = failure instanceof Failed && failure.getCause() instanceof ProblemException
                ? failure.problem().retryAfter().map(Duration::toNanos).orElse(0L)
                : 0L;
        var pause = asked + random.nextLong(ceiling + 1);
        if (pause >= limit.left()) {
            return false;
        }
        if (!budget.takeOut()) {
            metrics.retryRefused();
            budgetSpent.happened();
            return false;
        }
        LOG.debug("{}: attempt {} failed; again in {} ms", name, attempt, pause / 1_000_000, failure);
        elapse(pause);
        return true;
    }

    private void elapse(long nanos) {
        try {
            time.await(new CountDownLatch(1), nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted(name, e);
        }
    }

    private Health health() {
        return switch (circuit.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> new Health.Up("");
            case OPEN, FORCED_OPEN -> new Health.Down("the circuit is open");
            case HALF_OPEN -> new Health.Down("the circuit is open but for trials");
        };
    }

    private void changed(CircuitBreaker.StateTransition transition) {
        metrics.changed(transition.getToState());
        var seen = circuit.getMetrics();
        if (transition == CircuitBreaker.StateTransition.CLOSED_TO_OPEN) {
            LOG.warn(
                    "{}: the circuit opens, {} of the last {} attempts failed",
                    name,
                    seen.getNumberOfFailedCalls(),
                    seen.getNumberOfBufferedCalls());
        } else if (transition.getToState() == State.CLOSED) {
            LOG.info("{}: the circuit closes, the dependency is back", name);
        } else {
            LOG.debug("{}: the circuit goes from {} to {}", name, transition.getFromState(), transition.getToState());
        }
    }

    private static CircuitBreaker circuit(String name, DependencySettings.CircuitBreaker settings, Clock clock) {
        return CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .slidingWindow(settings.window(), settings.leastCalls(), SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold((float) (settings.failureRate() * 100))
                        .waitDurationInOpenState(settings.openFor())
                        .permittedNumberOfCallsInHalfOpenState(settings.trialCalls())
                        .build());
    }
}
