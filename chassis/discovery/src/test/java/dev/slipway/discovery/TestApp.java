package dev.slipway.discovery;

import dev.slipway.core.Assembly;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.MovableClock;
import dev.slipway.testkit.NoInfrastructure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A service that calls `inventory`, and registers as `order` if it is given a port.
final class TestApp extends ServiceDefinition<TestApp.Settings> implements AutoCloseable {
    record Settings(DiscoverySettings discovery) {}

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Optional<Integer> port;
    private final List<String> calls;
    private @Nullable RunningService running;
    private @Nullable Targets inventory;
    private @Nullable Discovery discovery;

    TestApp(Optional<Integer> port, String... calls) {
        super("order-service", Settings.class);
        this.port = port;
        this.calls = List.of(calls);
    }

    static TestApp caller() {
        return new TestApp(Optional.empty(), "inventory");
    }

    static TestApp registrant(int port) {
        return new TestApp(Optional.of(port));
    }

    TestApp start(String... arguments) throws InterruptedException {
        return startBy(MovableClock.atNoon(), arguments);
    }

    TestApp startBy(MovableClock clock, String... arguments) throws InterruptedException {
        starting(clock, arguments).awaitReady();
        return this;
    }

    RunningService starting(MovableClock clock, String... arguments) {
        var all = new ArrayList<>(
                List.of("--service.environment=test", "--service.management-port=0", "--discovery.refresh=200ms"));
        all.addAll(List.of(arguments));
        var service = Slipway.start(this, SettingsSources.ofArguments(this, all), clock, new NoInfrastructure());
        running = service;
        return service;
    }

    Targets inventory() {
        return Objects.requireNonNull(inventory);
    }

    Discovery discovery() {
        return Objects.requireNonNull(discovery);
    }

    List<String> hosts() {
        return inventory().instances().stream().map(Instance::toString).sorted().toList();
    }

    void awaitHosts(String... hosts) throws InterruptedException {
        var expected = List.of(hosts);
        Await.until(hosts().toString() + " become " + expected, () -> hosts().equals(expected));
    }

    RunningService service() {
        return Objects.requireNonNull(running);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var discovery = Discovery.open(service, settings.discovery(), meters);
        this.discovery = discovery;
        calls.forEach(name -> inventory = discovery.service(name));
        port.ifPresent(known -> discovery.register("inventory", () -> known));
    }

    @Override
    public void close() {
        var service = running;
        if (service != null) {
            service.close();
        }
    }
}
