package dev.slipway.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.Time;
import java.time.Duration;
import java.util.function.BiConsumer;

/// What each caller may spend: a bucket that fills up over a minute. Anonymous callers share one. Thread-safe.
final class Budget implements BiConsumer<Caller, Long> {
    private static final long MEMORY = 16 * 1024 * 1024;
    private static final int ENTRY = 200;
    private static final double MINUTE = 60e9;

    private final int perMinute;
    private final Time time;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumWeight(MEMORY)
            .weigher((String id, Bucket bucket) -> ENTRY + Character.BYTES * id.length())
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    private record Bucket(double left, long at) {}

    Budget(int perMinute, Time time) {
        this.perMinute = perMinute;
        this.time = time;
    }

    @Override
    public void accept(Caller caller, Long cost) {
        var now = time.nanoTime();
        buckets.asMap().compute(caller.id(), (id, known) -> {
            var left = known == null
                    ? perMinute
                    : Math.min(perMinute, known.left() + (now - known.at()) * perMinute / MINUTE);
            if (left < cost) {
                var wait = Duration.ofNanos((long) Math.ceil((Math.min(cost, perMinute) - left) * MINUTE / perMinute));
                throw Problem.of(Kind.TOO_MANY, "graphql-budget-spent", "You have asked for too much in a short time.")
                        .retryAfter(wait)
                        .asException();
            }
            return new Bucket(left - cost, now);
        });
    }
}
