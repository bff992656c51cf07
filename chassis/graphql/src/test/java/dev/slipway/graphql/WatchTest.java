package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
    private static final Duration TICK = Duration.ofMillis(100);

    private final VirtualTime time = new VirtualTime();
    private final Watch watch = new Watch(TICK.multipliedBy(3), time);
    private final Connection connection = new Connection();

    private static final class Connection implements Watch.Beating {
        private final AtomicInteger ticks = new AtomicInteger();
        private final AtomicInteger beats = new AtomicInteger();

        @Override
        public void beat() {
            beats.incrementAndGet();
        }

        @Override
        public void tick() {
            ticks.incrementAndGet();
        }

        @Override
        public void leave() {}
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void connections_tick_often_and_beat_once_in_each_interval() throws InterruptedException {
        watch.opened(connection);
        watch.start();
        time.awaitWaiting(1);

        for (var tick = 1; tick <= 6; tick++) {
            time.pass(TICK);
            time.awaitWaiting(1);

            assertThat(connection.ticks).hasValue(tick);
            assertThat(connection.beats).hasValue(tick / 3);
        }
    }

    @Test
    void a_connection_that_was_closed_is_left_alone() throws InterruptedException {
        watch.opened(connection);
        watch.start();
        time.awaitWaiting(1);
        assertThat(watch.closed(connection)).isTrue();

        time.pass(TICK);
        time.awaitWaiting(1);

        assertThat(connection.ticks).hasValue(0);
        assertThat(watch.closed(connection)).isFalse();
    }
}
