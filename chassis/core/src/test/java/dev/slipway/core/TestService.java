package dev.slipway.core;

import java.util.List;
import java.util.function.Consumer;

/// A service whose wiring a test writes as a lambda; it takes free ports.
final class TestService extends ServiceDefinition<TestService.Nothing> {
    record Nothing() {}

    private final Consumer<Assembly> wiring;

    TestService(String name, Consumer<Assembly> wiring) {
        super(name, Nothing.class);
        this.wiring = wiring;
    }

    @Override
    public void assemble(Assembly service, Nothing settings) {
        wiring.accept(service);
    }

    RunningService start(String... arguments) {
        var all = new java.util.ArrayList<>(List.of("--service.environment=test", "--service.management-port=0"));
        all.addAll(List.of(arguments));
        return Slipway.start(this, SettingsSources.ofArguments(this, all));
    }

    RunningService startAndWait(String... arguments) throws InterruptedException {
        var service = start(arguments);
        service.awaitReady();
        return service;
    }
}
