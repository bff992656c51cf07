package dev.slipway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsException;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.testkit.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceTest {

    /// A service with one dependency and a limit.
    private static final class Shop extends ServiceDefinition<Shop.Settings> {
        record Settings(DependencySettings paymentProvider, ConcurrencyLimitSettings limit) {}

        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private @Nullable Settings settings;
        private @Nullable Dependency provider;
        private @Nullable ConcurrencyLimit limit;

        Shop() {
            super("shop", Settings.class);
        }

        @Override
        public void assemble(Assembly service, Settings read) {
            settings = read;
            provider = Dependency.open(service, "payment-provider", read.paymentProvider(), meters);
            limit = new ConcurrencyLimit("http", read.limit(), service.time(), meters);
        }
    }

    private static void start(Shop shop, String... settings) throws InterruptedException {
        var arguments = new ArrayList<>(List.of(settings));
        arguments.add("--service.management-port=0");
        try (var service = Slipway.start(shop, SettingsSources.ofArguments(shop, arguments))) {
            service.awaitReady();
        }
    }

    @Test
    void a_service_has_a_policy_without_naming_it() throws Exception {
        var shop = new Shop();
        start(shop);

        var read = Objects.requireNonNull(shop.settings);
        assertThat(read.paymentProvider()).isEqualTo(TestPolicy.defaults().settings());
        assertThat(read.limit()).isEqualTo(new ConcurrencyLimitSettings(20, 2_000, Duration.ofMillis(500)));
        assertThat(Objects.requireNonNull(shop.provider).call(() -> "paid")).isEqualTo("paid");
        assertThat(Objects.requireNonNull(shop.limit).limit()).isEqualTo(2_000);
    }

    @Test
    void a_service_is_degraded_and_ready_while_a_circuit_is_open() throws Exception {
        var shop = new Shop();
        var arguments = List.of("--service.management-port=0", "--payment-provider.circuit-breaker.open-for=1ms");
        try (var service = Slipway.start(shop, SettingsSources.ofArguments(shop, arguments));
                var client = HttpClient.newHttpClient()) {
            service.awaitReady();
            var ready = HttpRequest.newBuilder(service.address("management").resolve("/health/ready"))
                    .build();
            var provider = Objects.requireNonNull(shop.provider);
            assertThat(client.send(ready, BodyHandlers.ofString()).body())
                    .contains("\"status\":\"up\"", "\"payment-provider\":{\"status\":\"up\"");

            for (var i = 0; i < 10; i++) {
                provider.callOr(
                        () -> {
                            throw new IOException("away");
                        },
                        failure -> "");
            }
            var degraded = client.send(ready, BodyHandlers.ofString());
            assertThat(degraded.statusCode()).isEqualTo(200);
            assertThat(degraded.body())
                    .contains("\"status\":\"degraded\"", "\"required\":false,\"detail\":\"the circuit is open\"");

            Await.until(
                    "it is back",
                    () -> provider.callOr(() -> "paid", failure -> "").equals("paid"));
            assertThat(client.send(ready, BodyHandlers.ofString()).body()).contains("but for trials");
            provider.call(() -> "paid");
            provider.call(() -> "paid");
            assertThat(client.send(ready, BodyHandlers.ofString()).body())
                    .contains("\"service\":\"shop\",\"status\":\"up\"");
        }
    }

    @Test
    void mistakes_in_a_policy_are_reported_by_their_keys() {
        assertThatThrownBy(() -> start(
                        new Shop(),
                        "--payment-provider.time-limit=0s",
                        "--payment-provider.retry.budget=1.5",
                        "--payment-provider.circuit-breaker.least-calls=51",
                        "--payment-provider.bulkhead.concurrency=0",
                        "--limit.least=3000"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("payment-provider.time-limit: must be at least 1ms, not 0s")
                .hasMessageContaining("payment-provider.retry.budget: must be between 0 and 1, not 1.5")
                .hasMessageContaining(
                        "payment-provider.circuit-breaker.least-calls must not be more than window: 51 > 50")
                .hasMessageContaining("payment-provider.bulkhead.concurrency: must be between 1 and 100_000, not 0")
                .hasMessageContaining("limit.least must not be more than most: 3000 > 2000");
    }
}
