package dev.slipway.core;

import java.util.List;
import java.util.function.Consumer;

/// A service whose wiring a test writes as a lambda; it takes free ports.
record TestService(String name, Consumer<Assembly> wiring) implements ServiceDefinition<TestService.Nothing> {
    record Nothing() {}

    @Override
    public Class<Nothing> settings() {
        return Nothing.class;
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
