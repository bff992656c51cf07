package dev.slipway.discovery;

import dev.slipway.core.Backoff;
import dev.slipway.core.Time;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one source on a thread of its own, and keeps asking while it does not answer.
final class Feed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    private final Targets targets;
    private final Source source;
    private final Duration refresh;
    private final Duration staleAfter;
    private final Time time;
    private final RandomGenerator random;
    private final Clock clock;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile long heard;
    private volatile boolean silent;

    Feed(Targets targets, Source source, DiscoverySettings settings, Time time, RandomGenerator random) {
        this.targets = targets;
        this.source = source;
        this.refresh = settings.refresh();
        this.staleAfter = settings.staleAfter();
        this.time = time;
        this.random = random;
        this.clock = time.clock();
    }

    void start() {
        heard = clock.millis();
        thread = Thread.ofVirtual().name("discovery-" + targets.name()).start(this::run);
    }

    /// Waits until the source has answered or failed for the first time.
    void awaitFirstAnswer(Duration limit) throws InterruptedException {
        if (!time.await(answered, limit.toNanos())) {
            LOG.warn("{} has not answered for {} yet; starting without", source, targets.name());
        }
    }

    private void run() {
        var backoff = new Backoff(time, random, closed, FIRST_WAIT, refresh);
        try {
            while (closed.getCount() > 0) {
                try {
                    source.follow(this::news);
                    backoff = new Backoff(time, random, closed, FIRST_WAIT, refresh);
                } catch (IOException | RuntimeException e) {
                    fell(e);
                    backoff.await();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is no longer followed for {}", source, targets.name());
        }
    }

    private void news(Collection<Instance> instances) {
        heard = clock.millis();
        targets.replace(instances, source.toString());
        if (silent) {
            LOG.info("{} answers for {} again", source, targets.name());
        }
        silent = false;
        targets.stale(false);
        answered.countDown();
    }

    private void fell(Exception failure) {
        if (closed.getCount() == 0) {
            return;
        }
        if (!silent) {
            LOG.warn("{} does not answer for {}, which is kept as it is: {}", source, targets, failure.toString());
            LOG.debug("{} does not answer", source, failure);
        }
        silent = true;
        if (!targets.isStale() && clock.millis() - heard >= staleAfter.toMillis()) {
            targets.stale(true);
            LOG.warn("{} has not answered for {} since {}: its instances are stale", source, targets, staleAfter);
        }
        answered.countDown();
    }

    void close() {
        closed.countDown();
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
