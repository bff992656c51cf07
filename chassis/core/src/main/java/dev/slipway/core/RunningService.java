package dev.slipway.core;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A service that has been started: its state, its addresses, and the way to stop it. Thread-safe.
///
/// Start: management port, then each component in the order of the wiring (all of them prepare at once), then ready.
/// Stop: unready, wait for load balancers to notice, then all components end their intake, then all wait for the work in
/// flight until one deadline, then all close; each phase in reverse order, so that a component outlives what uses it. The
/// management port goes last, so that health can be asked throughout. All of it happens on one thread of the service's
/// own, which keeps the JVM alive for as long as the service runs.
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
    private final Thread life;
    private final CountDownLatch startEnded = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile State state = State.STARTING;
    private volatile boolean hasBeenReady;
    private volatile @Nullable Throwable failure;

    RunningService(Assembly assembly, ServiceSettings settings) {
        this.assembly = assembly;
        this.settings = settings;
        this.management = new ManagementServer(assembly, settings, () -> state, () -> hasBeenReady);
        assembly.located(this::located);
        this.life = Thread.ofPlatform().name(assembly.name()).daemon(false).unstarted(this::live);
    }

    void start() {
        management.start();
        life.start();
    }

    public String name() {
        return assembly.name();
    }

    public State state() {
        return state;
    }

    /// Waits until the service is ready.
    ///
    /// @throws StartException if it cannot start; it is stopped then
    /// @throws CancellationException if it was closed before it was ready
    public void awaitReady() throws InterruptedException {
        startEnded.await();
        var cause = failure;
        if (cause instanceof StartException known) {
            throw new StartException(known.reasons(), known);
        }
        if (cause != null) {
            throw new StartException(assembly.name() + " failed to start: " + cause, cause);
        }
        if (!hasBeenReady) {
            throw new CancellationException(assembly.name() + " was closed while it was starting");
        }
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

    /// Known of the management port at once, and of the others once the service has been ready.
    private Optional<URI> located(String protocol) {
        return hasBeenReady || protocol.equals("management") ? Optional.of(address(protocol)) : Optional.empty();
    }

    /// What a person may try next, with the addresses of this copy filled in.
    Optional<String> hint() {
        return settings.hint().map(text -> {
            var filled = text;
            for (var address : assembly.addresses().entrySet()) {
                filled = filled.replace(
                        "{" + address.getKey() + "}", address.getValue().get().toString());
            }
            return filled;
        });
    }

    /// Stops the service and returns when it has stopped, also when this thread is interrupted meanwhile; later calls
    /// wait for the first. A start that is waiting for a dependency is given up.
    @Override
    public void close() {
        synchronized (life) {
            var starting = state == State.STARTING;
            if (starting || state == State.READY) {
                state = State.DRAINING;
                LOG.info("{} is stopping", assembly.name());
            }
            if (starting) {
                // Only now: whoever wakes up must see that the service stops.
                life.interrupt();
            }
        }
        closing.countDown();
        awaitStopped();
    }

    private void live() {
        var started = new ArrayList<Component>();
        var budget = settings.drainTimeout();
        try {
            startComponents(started);
            if (becomeReady()) {
                LOG.info("{} is ready: {}", assembly.name(), addresses());
                startEnded.countDown();
                closing.await();
                budget = beforeStop(started, budget);
                waitForLoadBalancers();
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            stop(started, budget);
            state = State.STOPPED;
            startEnded.countDown();
            LOG.info("{} has stopped", assembly.name());
            stopped.countDown();
        }
    }

    /// Whatever waits first, mostly for a database, the others prepare meanwhile.
    private void startComponents(List<Component> started) {
        var threads =
                Thread.ofPlatform().name(assembly.name() + " prepares ", 0).factory();
        try (var aside = Executors.newThreadPerTaskExecutor(threads)) {
            var preparations = new LinkedHashMap<Component, Future<?>>();
            assembly.components()
                    .values()
                    .forEach(component -> preparations.put(component, aside.submit(() -> prepare(component))));
            preparations.forEach((component, preparation) -> {
                if (state == State.STARTING) {
                    start(component, preparation, started);
                }
            });
            if (state != State.STARTING) {
                aside.shutdownNow();
            }
        }
    }

    /// A part that cannot be prepared ends the start at once, also one that waits.
    private void prepare(Component component) {
        try {
            component.prepare();
        } catch (Throwable e) {
            synchronized (life) {
                if (state == State.STARTING) {
                    fail(e);
                    life.interrupt();
                }
            }
        }
    }

    private void start(Component component, Future<?> preparation, List<Component> started) {
        try {
            preparation.get();
            if (state == State.STARTING) {
                component.start();
                started.add(component);
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    /// From here on nobody interrupts this thread, so that what is stopped can take its time.
    private boolean becomeReady() {
        synchronized (life) {
            var ready = state == State.STARTING;
            if (ready) {
                hasBeenReady = true;
                state = State.READY;
            }
            Thread.interrupted();
            return ready;
        }
    }

    /// What goes wrong because the service was closed meanwhile is no failure.
    private void fail(Throwable cause) {
        synchronized (life) {
            if (state == State.DRAINING) {
                LOG.debug("closed while it was starting", cause);
            } else {
                failure = cause;
                state = State.DRAINING;
            }
            Thread.interrupted();
        }
    }

    private void waitForLoadBalancers() throws InterruptedException {
        assembly.time().await(stopped, settings.shutdownDelay().toNanos());
    }

    /// @return what is left of the budget
    private Duration beforeStop(List<Component> started, Duration budget) {
        var end = assembly.time().nanoTime() + budget.toNanos();
        started.reversed().forEach(component -> attempt(component, () -> component.beforeStop(until(end))));
        return until(end);
    }

    private Duration until(long end) {
        return Duration.ofNanos(Math.max(0, end - assembly.time().nanoTime()));
    }

    private void stop(List<Component> started, Duration budget) {
        var end = assembly.time().nanoTime() + budget.toNanos();
        var running = started.reversed();
        running.forEach(component -> attempt(component, component::endIntake));
        running.forEach(component -> attempt(component, () -> component.drain(until(end))));
        close(assembly);
        attempt(management, management::close);
    }

    /// Also of a service that was never started.
    static void close(Assembly assembly) {
        List.copyOf(assembly.components().values())
                .reversed()
                .forEach(component -> attempt(component, component::close));
        assembly.localInfrastructure().ifPresent(local -> attempt(local, local::close));
    }

    private String addresses() {
        var text = new StringBuilder();
        assembly.addresses()
                .forEach((protocol, address) ->
                        text.append(protocol).append(' ').append(address.get()).append(", "));
        return text.append("management ").append(management.address()).toString();
    }

    private interface Step {
        void run() throws Exception;
    }

    /// One part that fails to stop must not keep the others open.
    private static void attempt(Object part, Step step) {
        try {
            step.run();
        } catch (Throwable e) {
            LOG.warn("{} did not stop cleanly", part, e);
        }
    }

    private void awaitStopped() {
        var interrupted = false;
        while (true) {
            try {
                stopped.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
