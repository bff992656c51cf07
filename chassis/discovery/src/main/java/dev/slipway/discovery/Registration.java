package dev.slipway.discovery;

import dev.slipway.core.Backoff;
import dev.slipway.core.Component;
import dev.slipway.core.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This copy's entry in etcd: there from the start until before the stop, for as long as its lease is kept alive.
///
/// The service does not wait for etcd: it can serve those who know it already.
final class Registration implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    /// How long a stop waits for etcd at the most.
    private static final Duration WITHDRAWAL = Duration.ofSeconds(2);

    /// A lease survives that two of its renewals are lost.
    private static final int RENEWALS = 3;

    private final Time time;
    private final RandomGenerator random;
    private final EtcdClient etcd;
    private final String service;
    private final Supplier<Instance> instance;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile long leaseId;
    private volatile boolean registered;

    /// @param instance asked when the service starts
    Registration(Time time, RandomGenerator random, EtcdClient etcd, String service, Supplier<Instance> instance) {
        this.time = time;
        this.random = random;
        this.etcd = etcd;
        this.service = service;
        this.instance = instance;
    }

    @Override
    public void start() {
        var self = instance.get();
        thread = Thread.ofVirtual().name("registration-" + service).start(() -> run(self));
    }

    private void run(Instance self) {
        var backoff = new Backoff(time, random, closed, FIRST_WAIT, etcd.lease());
        var failing = false;
        try {
            while (closed.getCount() > 0) {
                try {
                    register(self);
                    failing = false;
                    backoff = new Backoff(time, random, closed, FIRST_WAIT, etcd.lease());
                    keepAlive();
                } catch (IOException e) {
                    registered = false;
                    if (!failing) {
                        LOG.warn("{} cannot be registered as {}: {}", self, service, e.toString());
                        LOG.debug("cannot be registered", e);
                    }
                    failing = true;
                    backoff.await();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is no longer kept registered", self);
        }
    }

    private void register(Instance self) throws IOException, InterruptedException {
        leaseId = etcd.grant(etcd.lease());
        etcd.put(etcd.prefixOf(service) + self.address(), self.toString(), leaseId);
        registered = true;
        LOG.info("{} is registered as {}", self, service);
    }

    /// Returns when the lease is lost or this copy withdraws.
    private void keepAlive() throws IOException, InterruptedException {
        while (!time.await(closed, etcd.lease().toNanos() / RENEWALS)) {
            if (!etcd.keepAlive(leaseId)) {
                registered = false;
                LOG.warn("etcd has forgotten the registration as {}; registering again", service);
                return;
            }
        }
    }

    boolean isRegistered() {
        return registered;
    }

    @Override
    public void beforeStop(Duration limit) {
        withdraw(limit.compareTo(WITHDRAWAL) < 0 ? limit : WITHDRAWAL);
    }

    /// Where the service has never been ready, nobody has withdrawn it.
    @Override
    public void close() {
        withdraw(WITHDRAWAL);
    }

    /// However many members etcd has, and whatever they do, this ends in time: the lease ends by itself.
    private void withdraw(Duration limit) {
        var running = thread;
        if (running == null) {
            return;
        }
        thread = null;
        closed.countDown();
        running.interrupt();
        var done = new CountDownLatch(1);
        var withdrawing = Thread.ofVirtual().name("withdrawal-" + service).start(() -> {
            revoke(running, limit);
            done.countDown();
        });
        try {
            if (!time.await(done, limit.toNanos())) {
                withdrawing.interrupt();
                LOG.warn(
                        "the registration as {} is not withdrawn after {} and lasts at most {}",
                        service,
                        limit,
                        etcd.lease());
            }
        } catch (InterruptedException e) {
            withdrawing.interrupt();
            Thread.currentThread().interrupt();
        }
        registered = false;
    }

    private void revoke(Thread running, Duration limit) {
        try {
            running.join();
            if (leaseId != 0) {
                etcd.revoke(leaseId, limit);
                LOG.info("the registration as {} is withdrawn", service);
            }
        } catch (IOException e) {
            LOG.warn(
                    "the registration as {} could not be withdrawn and lasts at most {}: {}",
                    service,
                    etcd.lease(),
                    e.toString());
        } catch (InterruptedException e) {
            LOG.debug("the registration as {} is left to its lease", service);
        }
    }

    @Override
    public String toString() {
        return "registration of " + service;
    }
}
