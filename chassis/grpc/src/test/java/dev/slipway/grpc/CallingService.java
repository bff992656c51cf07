package dev.slipway.grpc;

import dev.slipway.core.Assembly;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc.ShipServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.NameResolverProvider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A service that only calls another one.
record CallingService(GrpcClient client, SimpleMeterRegistry meters, RunningService running) implements AutoCloseable {

    record Sections(GrpcClientSettings harbour) {}

    static CallingService open(String target, List<String> arguments) throws InterruptedException {
        return open(Optional.empty(), target, arguments);
    }

    static CallingService open(Optional<NameResolverProvider> resolver, String target, List<String> arguments)
            throws InterruptedException {
        var meters = new SimpleMeterRegistry();
        var client = new AtomicReference<GrpcClient>();
        var definition = new ServiceDefinition<>("calling", Sections.class) {
            @Override
            public void assemble(Assembly service, Sections settings) {
                var methods = ShipServiceGrpc.getServiceDescriptor();
                client.set(
                        resolver.isPresent()
                                ? GrpcClient.open(
                                        service,
                                        "harbour",
                                        settings.harbour(),
                                        meters,
                                        resolver.get(),
                                        "round_robin",
                                        methods)
                                : GrpcClient.open(service, "harbour", settings.harbour(), meters, methods));
            }
        };
        var all = new ArrayList<>(
                List.of("--service.environment=test", "--service.management-port=0", "--harbour.target=" + target));
        all.addAll(arguments);
        var running = Slipway.start(definition, SettingsSources.ofArguments(definition, all));
        running.awaitReady();
        return new CallingService(client.get(), meters, running);
    }

    Channel channel() {
        return client.channel();
    }

    ShipServiceBlockingStub ships() {
        return ShipServiceGrpc.newBlockingStub(channel());
    }

    @Override
    public void close() {
        running.close();
    }
}
