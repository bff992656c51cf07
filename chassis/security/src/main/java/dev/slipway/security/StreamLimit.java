package dev.slipway.security;

import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.security.LimitSettings.By;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// How many streams may be open at once, in all and of one client: each takes room for as long as its client likes, by
/// HTTP a connection, and nobody's are to keep all others out. A client is who is signed in, else an address, as for a
/// [rate limit][RateLimits]. Thread-safe.
public final class StreamLimit {
    private static final Duration WORTH_A_WAIT = Duration.ofSeconds(10);
    private static final Problem FULL = Problem.of(
                    Kind.UNAVAILABLE, "too-many-streams", "No more streams are served; try again later.")
            .retryAfter(WORTH_A_WAIT);
    private static final Problem TOO_MANY_OF_ONE = Problem.of(
                    Kind.TOO_MANY, "too-many-streams", "You have too many streams open; end one, or try again later.")
            .retryAfter(WORTH_A_WAIT);

    /// One stream's place.
    @FunctionalInterface
    public interface Place extends AutoCloseable {
        /// Gives it back, once.
        @Override
        void close();
    }

    private final Semaphore free;
    private final int mostOfOne;
    private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

    /// @param name of the gauge of those that are open
    public StreamLimit(String name, int most, int mostOfOne, MeterRegistry meters) {
        this.free = new Semaphore(most);
        this.mostOfOne = mostOfOne;
        Gauge.builder(name, free, left -> most - left.availablePermits())
                .description("Streams that are open")
                .register(meters);
    }

    /// Takes a place.
    ///
    /// @param address of the client; if it has none (a local socket), only the sum is bounded
    /// @throws dev.slipway.core.ProblemException with code `too-many-streams`: of kind `TOO_MANY` if the client has too
    ///     many open, of kind `UNAVAILABLE` if all clients have
    public Place enter(Caller caller, String address) {
        var client = caller instanceof Caller.Anonymous && address.isEmpty()
                ? ""
                : RateLimits.key(By.CALLER, "", caller, address)
                        .map(RateLimits::bounded)
                        .orElse("");
        if (!count(client)) {
            throw TOO_MANY_OF_ONE.asException();
        }
        if (!free.tryAcquire()) {
            forget(client);
            throw FULL.asException();
        }
        var left = new AtomicBoolean();
        return () -> {
            if (!left.getAndSet(true)) {
                free.release();
                forget(client);
            }
        };
    }

    private boolean count(String client) {
        if (client.isEmpty()) {
            return true;
        }
        if (byClient.merge(client, 1, Integer::sum) <= mostOfOne) {
            return true;
        }
        forget(client);
        return false;
    }

    private void forget(String client) {
        byClient.computeIfPresent(client, (_, open) -> open == 1 ? null : open - 1);
    }
}
