package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.grpc.GrpcClient;
import dev.slipway.grpc.GrpcClientSettings;
import dev.slipway.testkit.Await;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The client of the chassis, by the settings of a service.
class GrpcClientTest {
    private static final String KEY = "/slipway/services/inventory/";

    private static final class Caller extends ServiceDefinition<Caller.Settings> {
        record Settings(DiscoverySettings discovery, GrpcClientSettings inventory) {}

        private @Nullable GrpcClient client;

        Caller() {
            super("caller", Settings.class);
        }

        @Override
        public void assemble(Assembly service, Settings settings) {
            var meters = new SimpleMeterRegistry();
            var discovery = Discovery.open(service, settings.discovery(), meters);
            var found = new GrpcTargets(discovery.service("inventory"));
            client = GrpcClient.open(service, "inventory", settings.inventory(), meters, found, GrpcTargets.POLICY);
        }

        String call() {
            return ClientCalls.blockingUnaryCall(
                    Objects.requireNonNull(client).channel(), GrpcPeer.CALL, CallOptions.DEFAULT, "");
        }
    }

    private static void follow(Caller caller, List<String> source, Steps steps) throws Exception {
        var arguments = new ArrayList<>(List.of(
                "--service.environment=test",
                "--service.management-port=0",
                "--discovery.services.inventory.strategy=round-robin",
                "--inventory.target=discovery:///inventory"));
        arguments.addAll(source);
        try (var service = Slipway.start(caller, SettingsSources.ofArguments(caller, arguments))) {
            service.awaitReady();
            steps.run();
        }
    }

    private interface Steps {
        void run() throws Exception;
    }

    @Test
    void a_client_calls_the_instances_that_the_settings_name() throws Exception {
        var caller = new Caller();
        try (var one = new GrpcPeer();
                var other = new GrpcPeer()) {
            var addresses = one.address() + "," + other.address();
            follow(caller, List.of("--discovery.services.inventory.addresses=" + addresses), () -> {
                assertThat(caller.call()).isIn(one.address(), other.address());
                Await.until("both are called", () -> {
                    caller.call();
                    return one.hits.get() > 0 && other.hits.get() > 0;
                });
            });
        }
    }

    @Test
    void a_client_follows_the_instances_that_come_and_go_in_etcd() throws Exception {
        var caller = new Caller();
        try (var etcd = new TestEtcd();
                var one = new GrpcPeer();
                var other = new GrpcPeer()) {
            etcd.control("put", KEY + one.address(), one.address());
            var source = List.of(
                    "--discovery.services.inventory.etcd=inventory", "--discovery.etcd.endpoints=" + etcd.url());
            follow(caller, source, () -> {
                assertThat(caller.call()).isEqualTo(one.address());

                etcd.control("put", KEY + other.address(), other.address());
                Await.until("the new one is called", () -> caller.call().equals(other.address()));

                etcd.control("del", KEY + one.address());
                Await.until("the old one is left alone", () -> {
                    var before = one.hits.get();
                    for (var i = 0; i < 10; i++) {
                        caller.call();
                    }
                    return one.hits.get() == before;
                });
            });
        }
    }
}
