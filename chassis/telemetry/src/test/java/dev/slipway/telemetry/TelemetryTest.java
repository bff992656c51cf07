package dev.slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Assembly;
import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Health;
import dev.slipway.core.LocalInfrastructure;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsException;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.TraceContext;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TelemetryTest {

    @Test
    void metrics_are_served_on_the_management_port_under_the_services_name() throws Exception {
        try (var shop = Watched.start("shop", "")) {
            shop.telemetry()
                    .registry()
                    .counter("orders.placed", "channel", "web")
                    .increment(3);
            var answer = shop.get("/metrics", "text/plain");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(answer.body())
                    .contains("orders_placed_total{channel=\"web\",service=\"shop\"} 3.0")
                    .contains("jvm_memory_used_bytes{", "jvm_gc_", "process_cpu_usage", "process_uptime_seconds")
                    .contains(
                            "jvm_threads_virtual_mounted", "jvm_threads_virtual_queued", "jvm_threads_virtual_carriers")
                    .contains(
                            "log_lines_total{level=\"warn\",service=\"shop\"}",
                            "log_dropped_total{service=\"shop\"} 0.0");
        }
    }

    @Test
    void dependencies_are_measured_as_they_were_found_last() throws Exception {
        try (var shop = Watched.start("shop", "")) {
            assertThat(shop.metrics())
                    .contains("dependency_up{dependency=\"rates\",required=\"false\",service=\"shop\"} NaN");
            shop.get("/health/ready", "*/*");
            assertThat(shop.metrics())
                    .contains(
                            "dependency_up{dependency=\"rates\",required=\"false\",service=\"shop\"} 0.0",
                            "dependency_up{dependency=\"store\",required=\"true\",service=\"shop\"} 1.0");
        }
    }

    @Test
    void open_metrics_are_served_to_who_asks_for_them() throws Exception {
        try (var shop = Watched.start("shop", "")) {
            var answer = shop.get("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
            assertThat(answer.body()).endsWith("# EOF\n");
            assertThat(shop.get("/metrics/more", "*/*").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void the_head_of_the_metrics_is_served_without_a_warning() throws Exception {
        try (var shop = Watched.start("shop", "");
                var socket = new Socket(
                        shop.management().getHost(), shop.management().getPort())) {
            var warnings = shop.metrics()
                    .lines()
                    .filter(line -> line.startsWith("log_lines_total{level=\"warn\""))
                    .toList();
            assertThat(warnings).hasSize(1);
            socket.setSoTimeout(20_000);
            var request = "%s /metrics HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n";
            var requests = request.formatted("HEAD", "keep-alive") + request.formatted("GET", "close");
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            var answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers)
                    .matches("(?s)HTTP/1.1 200 OK\r\n.*\r\n\r\nHTTP/1.1 200 OK\r\n.*")
                    .contains(warnings);
        }
    }

    @Test
    void two_services_count_apart() throws Exception {
        try (var shop = Watched.start("shop", "");
                var bank = Watched.start("bank", "")) {
            shop.telemetry().registry().counter("sold").increment();
            bank.telemetry().registry().counter("paid").increment();
            assertThat(shop.metrics()).contains("sold_total{service=\"shop\"}").doesNotContain("paid");
            assertThat(bank.metrics()).contains("paid_total{service=\"bank\"}").doesNotContain("sold");
        }
    }

    @Test
    void a_meter_has_no_more_series_than_allowed() throws Exception {
        try (var shop = Watched.start("shop", "telemetry: {max-series: 50}")) {
            var registry = shop.telemetry().registry();
            for (var round = 0; round < 2; round++) {
                for (var user = 0; user < 200; user++) {
                    registry.counter("visits", "user", "u" + user).increment();
                }
            }
            registry.counter("other", "user", "u199").increment();
            var metrics = shop.metrics();
            assertThat(metrics.lines().filter(line -> line.startsWith("visits_total{")))
                    .hasSize(51);
            assertThat(metrics)
                    .contains("visits_total{service=\"shop\",user=\"u7\"} 2.0", "other_total{")
                    .contains("visits_total{service=\"shop\",user=\"other\"} 300.0");
        }
    }

    @Test
    void what_calls_bring_along_takes_no_place_of_what_is_declared() throws Exception {
        try (var shop = Watched.start("shop", "telemetry: {max-series: 50}")) {
            var registry = shop.telemetry().registry();
            ScopedValue.where(CallContext.CURRENT, call()).run(() -> {
                for (var name = 0; name < 1_000; name++) {
                    registry.counter("calls", "operation", "junk" + name).increment();
                }
            });
            for (var name = 0; name < 50; name++) {
                registry.counter("calls", "operation", "o" + name).increment();
            }
            var metrics = shop.metrics();
            assertThat(metrics)
                    .contains("calls_total{operation=\"o49\",service=\"shop\"} 1.0")
                    .contains("calls_total{operation=\"other\",service=\"shop\"} 950.0");
        }
    }

    private static CallContext call() {
        return new CallContext(
                "shop",
                "read",
                "r1",
                TraceContext.continuing(null, new Random(1)),
                new Caller.Anonymous(),
                Optional.empty());
    }

    @Test
    void levels_are_those_of_the_settings() throws Exception {
        var settings = "telemetry: {level: warn, levels: [dev.slipway.Loud = TRACE, org.other=error]}";
        try (var shop = Watched.start("shop", settings)) {
            assertThat(shop.telemetry()).isNotNull();
            assertThat(LoggerFactory.getLogger("dev.slipway.Plain").isInfoEnabled())
                    .isFalse();
            assertThat(LoggerFactory.getLogger("dev.slipway.Loud").isTraceEnabled())
                    .isTrue();
            assertThat(LoggerFactory.getLogger("org.other.Deep").isWarnEnabled())
                    .isFalse();
        }
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> Watched.start("shop", "telemetry: {levels: [dev.slipway]}"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is not logger=level");
        assertThatThrownBy(() -> Watched.start("shop", "telemetry: {max-series: 0}"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("max-series");
        assertThat(TelemetrySettings.defaults().byLogger()).isEmpty();
    }

    /// A service that only tells about itself.
    private static final class Watched extends ServiceDefinition<Watched.Settings> implements AutoCloseable {
        record Settings(TelemetrySettings telemetry) {}

        private @Nullable Telemetry telemetry;
        private @Nullable RunningService running;

        private Watched(String name) {
            super(name, Settings.class);
        }

        static Watched start(String name, String settings) throws InterruptedException {
            var service = new Watched(name);
            var yaml = "service: {environment: test, management-port: 0}\n" + settings;
            var sources = new SettingsSources(Optional.of(yaml), Path.of("no such folder"), Map.of(), List.of());
            service.running = Slipway.start(service, sources, Clock.systemUTC(), new NoInfrastructure());
            service.running.awaitReady();
            return service;
        }

        Telemetry telemetry() {
            if (telemetry == null) {
                throw new IllegalStateException("not started");
            }
            return telemetry;
        }

        URI management() {
            if (running == null) {
                throw new IllegalStateException("not started");
            }
            return running.address("management");
        }

        String metrics() throws Exception {
            return get("/metrics", "*/*").body();
        }

        HttpResponse<String> get(String path, String accept) throws Exception {
            try (var http = HttpClient.newHttpClient()) {
                var uri = management().resolve(path);
                return http.send(
                        HttpRequest.newBuilder(uri).header("Accept", accept).build(), BodyHandlers.ofString());
            }
        }

        @Override
        public void assemble(Assembly service, Settings settings) {
            telemetry = Telemetry.open(service, settings.telemetry());
            service.health("store", () -> new Health.Up(""));
            service.optionalHealth("rates", () -> new Health.Down("stale"));
        }

        @Override
        public void close() {
            if (running != null) {
                running.close();
            }
        }
    }

    private static final class NoInfrastructure implements LocalInfrastructure {
        @Override
        public Map<String, String> provide(String kind, String name) {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
