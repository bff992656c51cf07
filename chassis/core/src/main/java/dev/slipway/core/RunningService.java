package dev.slipway.core;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A service that has been started: its state, its addresses, and the way to stop it. Thread-safe.
///
/// Start: management port, then each component in the order of the wiring, then ready. Stop: unready, wait for load
/// balancers to notice, drain and close each component in reverse order, and the management port last, so that
/// health can be asked throughout.
public final class RunningService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningService.class);

    /// Where a service is in its life; it only moves forward.
    public enum State {
        STARTING,
        READY,
        DRAINING,
        STOPPED
    }

    private final Assembly assembly;
    private final ServiceSettings settings;
    private final ManagementServer management;
    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
    private final CountDownLatch startEnded = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Component> started = new ArrayList<>();
    private final Thread starter;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    RunningService(Assembly assembly, ServiceSettings settings) {
        this.assembly = assembly;
        this.settings = settings;
        this.management = new ManagementServer(assembly, settings, state::get);
        this.starter = Thread.ofPlatform().name("start " + assembly.name()).unstarted(this::startComponents);
    }

    void start() {
        management.start();
        starter.start();
    }

    public String name() {
        return assembly.name();
    }

    public State state() {
        return state.get();
    }

    /// Waits until the service is ready.
    ///
    /// @throws StartException if it cannot start; it is stopped then
    public void awaitReady() throws InterruptedException {
        startEnded.await();
        failure.ifPresent(e -> {
            throw e instanceof StartException known
                    ? new StartException(known.reasons())
                    : new StartException(assembly.name() + " failed to start: " + e, e);
        });
    }

    /// The address of a protocol, for example `http`; known once the service is ready.
    ///
    /// @throws IllegalArgumentException if the service does not speak it
    public URI address(String protocol) {
        if (protocol.equals("management")) {
            return management.address();
        }
        var address = assembly.addresses().get(protocol);
        if (address == null) {
            throw new IllegalArgumentException(assembly.name() + " has no address for " + protocol);
        }
        return address.get();
    }

    /// Stops the service and returns when it has stopped; later calls wait for the first.
    @Override
    public void close() {
        var before = state.getAndUpdate(now -> now == State.STOPPED ? now : State.DRAINING);
        if (before == State.STOPPED || before == State.DRAINING) {
            awaitStopped();
            return;
        }
        LOG.info("{} is stopping", assembly.name());
        try {
            if (before == State.STARTING) {
                starter.interrupt();
                startEnded.await();
            } else if (settings.shutdownDelay().isPositive()) {
                Thread.sleep(settings.shutdownDelay());
            }
            drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeComponents();
        LOG.info("{} has stopped", assembly.name());
    }

    private void startComponents() {
        try {
            for (var entry : assembly.components().entrySet()) {
                var begin = System.nanoTime();
                synchronized (started) {
                    started.add(entry.getValue());
                }
                entry.getValue().start();
                LOG.debug("{} started in {} ms", entry.getKey(), Duration.ofNanos(System.nanoTime() - begin).toMillis());
            }
            if (state.compareAndSet(State.STARTING, State.READY)) {
                LOG.info("{} is ready: {}", assembly.name(), addresses());
            }
        } catch (InterruptedException e) {
            failure = Optional.of(new StartException(assembly.name() + " was stopped while it was starting", e));
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        } finally {
            if (failure.isPresent() && state.compareAndSet(State.STARTING, State.DRAINING)) {
                closeComponents();
            }
            startEnded.countDown();
        }
    }

    private String addresses() {
        var text = new StringBuilder();
        assembly.addresses().forEach((protocol, address) ->
                text.append(protocol).append(' ').append(address.get()).append(", "));
        return text.append("management ").append(management.address()).toString();
    }

    private void drain() throws InterruptedException {
        var end = System.nanoTime() + settings.drainTimeout().toNanos();
        for (var component : inReverse()) {
            component.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    private void closeComponents() {
        for (var component : inReverse()) {
            closeQuietly(component);
        }
        assembly.localInfrastructure().ifPresent(RunningService::closeQuietly);
        management.close();
        state.set(State.STOPPED);
        stopped.countDown();
    }

    private List<Component> inReverse() {
        synchronized (started) {
            return List.copyOf(started).reversed();
        }
    }

    /// One part that fails to close must not keep the others open.
    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("{} did not close cleanly", part, e);
        }
    }

    private void awaitStopped() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
