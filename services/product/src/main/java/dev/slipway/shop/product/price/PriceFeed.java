package dev.slipway.shop.product.price;

import dev.slipway.postgres.Notifications;
import dev.slipway.shop.product.domain.PriceChange;
import dev.slipway.shop.product.postgres.Prices;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Hands price changes to everybody who watches this copy of the service. Thread-safe.
///
/// Changes are read from the database once, however many watch. Nobody waits for a watcher: one that does not take its
/// changes loses them when [#MOST_WAITING] are waiting, is told so, and goes on with those after them.
public final class PriceFeed implements Notifications.Listener {
    static final int MOST_WAITING = 256;

    private final Function<List<Long>, List<PriceChange>> changes;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Counter lost;

    public PriceFeed(Prices prices, MeterRegistry meters) {
        this(prices::changes, meters);
    }

    /// @param changes reads the changes with these ids
    PriceFeed(Function<List<Long>, List<PriceChange>> changes, MeterRegistry meters) {
        this.changes = changes;
        Gauge.builder("price.watchers", subscriptions, Set::size)
                .description("Who watches prices")
                .register(meters);
        lost = Counter.builder("price.changes.lost")
                .description("Price changes that watchers were too slow to take")
                .register(meters);
    }

    /// @param product only changes of this one; null for all
    Subscription subscribe(@Nullable UUID product) {
        var subscription = new Subscription(product);
        subscriptions.add(subscription);
        return subscription;
    }

    @Override
    public void announced(List<String> ids) {
        if (subscriptions.isEmpty()) {
            return;
        }
        for (var change : changes.apply(ids.stream().map(Long::valueOf).toList())) {
            subscriptions.forEach(subscription -> subscription.offer(change));
        }
    }

    @Override
    public void missed() {
        subscriptions.forEach(Subscription::lose);
    }

    /// One who watches. It takes from one thread, and costs next to nothing while nothing happens.
    final class Subscription implements AutoCloseable {
        private final @Nullable UUID product;
        private @Nullable ArrayDeque<PriceChange> waiting;
        private boolean missed = true;

        private Subscription(@Nullable UUID product) {
            this.product = product;
        }

        /// Waits for what to tell next; first that changes before the subscription were missed.
        synchronized PriceUpdate next() throws InterruptedException {
            while (true) {
                if (missed) {
                    missed = false;
                    return PriceUpdate.gap();
                }
                var queue = waiting;
                if (queue != null) {
                    var change = queue.remove();
                    waiting = queue.isEmpty() ? null : queue;
                    return PriceUpdate.of(change);
                }
                wait();
            }
        }

        private synchronized void offer(PriceChange change) {
            if (product != null && !product.equals(change.productId())) {
                return;
            }
            var queue = waiting;
            if (queue != null && queue.size() == MOST_WAITING) {
                lose();
                queue = null;
            }
            if (queue == null) {
                queue = new ArrayDeque<>(2);
                waiting = queue;
            }
            queue.add(change);
            notifyAll();
        }

        private synchronized void lose() {
            if (waiting != null) {
                lost.increment(waiting.size());
            }
            waiting = null;
            missed = true;
            notifyAll();
        }

        @Override
        public void close() {
            subscriptions.remove(this);
        }
    }
}
