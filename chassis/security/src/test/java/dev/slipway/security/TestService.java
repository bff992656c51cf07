package dev.slipway.security;

import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.testkit.NoInfrastructure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A service that does nothing but check tokens.
final class TestService extends ServiceDefinition<TestService.Settings> implements AutoCloseable {
    record Settings(TokenSettings tokens) {}

    final MeterRegistry meters = new SimpleMeterRegistry();
    private @Nullable Authenticator authenticator;
    private @Nullable RunningService running;

    TestService() {
        super("guarded", Settings.class);
    }

    /// @param settings the content of its settings file
    static TestService start(String settings, Clock clock) throws InterruptedException {
        var service = new TestService();
        var sources = new SettingsSources(Optional.of(settings), Path.of("no such folder"), Map.of(), List.of());
        service.running = Slipway.start(service, sources, clock, new NoInfrastructure());
        service.running.awaitReady();
        return service;
    }

    /// The settings of a service that accepts the tokens of an issuer.
    static String settingsFor(TestIssuer issuer, String environment) {
        return """
                service: {environment: %s, management-port: 0, management-host: 127.0.0.1}
                tokens:
                  issuers:
                    - issuer: %s
                      jwks-url: %s
                      audience: [%s, backup]
                  role-permissions:
                    clerk: ["orders:read", "orders:cancel"]
                """.formatted(environment, TestIssuer.ISSUER, issuer.url(), TestIssuer.AUDIENCE);
    }

    Caller authenticate(String token) {
        return authenticateValues(List.of("Bearer " + token));
    }

    Caller authenticateValues(List<String> values) {
        if (authenticator == null) {
            throw new IllegalStateException("not started");
        }
        return authenticator.authenticate(values);
    }

    /// How many tokens are remembered.
    long remembered() {
        return ((Tokens) Objects.requireNonNull(authenticator)).remembered();
    }

    String health() throws IOException, InterruptedException {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        try (var http = HttpClient.newHttpClient()) {
            var uri = running.address("management").resolve("/health");
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    double fetches(String outcome) {
        return meters.find("security.keys.fetches").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        authenticator = Tokens.open(service, settings.tokens(), meters);
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }
}
