package dev.slipway.shop.product.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.PriceChange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How changes reach many watchers; without a database, which hands over changes only.
@Timeout(60)
class PriceFeedTest {
    private static final UUID PRODUCT = UUID.randomUUID();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PriceFeed feed =
            new PriceFeed(ids -> ids.stream().map(PriceFeedTest::change).toList(), meters);

    private static PriceChange change(long amount) {
        return new PriceChange(PRODUCT, UUID.randomUUID(), "sku", new Money(amount, "EUR"), Instant.EPOCH);
    }

    private void announce(long first, long last) {
        feed.announced(
                LongStream.rangeClosed(first, last).mapToObj(Long::toString).toList());
    }

    private static long amount(PriceUpdate update) {
        var change = update.change();
        return change == null ? -1 : change.price().amount();
    }

    @Test
    void one_watcher_who_is_stuck_harms_none_of_a_hundred_who_are_quick() throws Exception {
        var watchers = 100;
        var changes = 10_000;
        var together = new Phaser(watchers + 1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var stuck = feed.subscribe(null)) {
            var taken = new ArrayList<Future<List<Long>>>();
            for (var i = 0; i < watchers; i++) {
                taken.add(threads.submit(() -> watch(changes, together)));
            }
            together.arriveAndAwaitAdvance();

            for (var i = 1; i <= changes; i += 100) {
                announce(i, i + 99);
                together.arriveAndAwaitAdvance();
            }

            var all = LongStream.rangeClosed(1, changes).boxed().toList();
            for (var one : taken) {
                assertThat(one.get()).isEqualTo(all);
            }
            assertThat(stuck.next().missed()).isTrue();
            assertThat(amount(stuck.next())).isGreaterThan(changes - PriceFeed.MOST_WAITING);
            assertThat(meters.get("price.changes.lost").counter().count()).isPositive();
        }
    }

    /// Takes all changes, and says so at each hundredth.
    private List<Long> watch(long changes, Phaser together) throws InterruptedException {
        try (var quick = feed.subscribe(null)) {
            assertThat(quick.next().missed()).isTrue();
            together.arrive();
            var seen = new ArrayList<Long>();
            while (seen.size() < changes) {
                var amount = amount(quick.next());
                seen.add(amount);
                if (amount % 100 == 0) {
                    together.arrive();
                }
            }
            return seen;
        }
    }

    @Test
    void a_watcher_who_is_too_slow_is_told_once_and_goes_on_with_what_came_after() throws Exception {
        try (var slow = feed.subscribe(null)) {
            assertThat(slow.next().missed()).isTrue();

            announce(1, PriceFeed.MOST_WAITING + 2);

            assertThat(slow.next().missed()).isTrue();
            assertThat(amount(slow.next())).isEqualTo(PriceFeed.MOST_WAITING + 1);
            assertThat(amount(slow.next())).isEqualTo(PriceFeed.MOST_WAITING + 2);
            assertThat(meters.get("price.changes.lost").counter().count()).isEqualTo(PriceFeed.MOST_WAITING);
        }
    }

    @Test
    void a_watcher_who_is_just_quick_enough_loses_nothing() throws Exception {
        try (var quick = feed.subscribe(PRODUCT)) {
            assertThat(quick.next().missed()).isTrue();

            announce(1, PriceFeed.MOST_WAITING);

            for (var i = 1; i <= PriceFeed.MOST_WAITING; i++) {
                assertThat(amount(quick.next())).isEqualTo(i);
            }
        }
    }

    @Test
    void nothing_is_read_while_nobody_watches() {
        var unread = new PriceFeed(
                ids -> {
                    throw new AssertionError("read");
                },
                new SimpleMeterRegistry());

        unread.announced(List.of("1"));
        unread.missed();
    }

    @Test
    void a_thousand_idle_watchers_cost_less_than_fifty_megabytes() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var before = heap();
            var waiting = new CountDownLatch(1_000);
            for (var i = 0; i < 1_000; i++) {
                var _ = threads.submit(() -> {
                    try (var subscription = feed.subscribe(PRODUCT)) {
                        subscription.next();
                        waiting.countDown();
                        return subscription.next();
                    }
                });
            }
            waiting.await();

            assertThat(heap() - before).isLessThan(50_000_000);
            threads.shutdownNow();
        }
    }

    private static long heap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
