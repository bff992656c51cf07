package dev.slipway.testing;

import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.Time;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.local.LocalMachine;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A service on real infrastructure, for the time of a test class: free ports, an empty database of its own.
///
/// ```java
/// @RegisterExtension
/// static final TestService service = TestService.of(new LoyaltyApp());
///
/// @Test
/// void a_reader_sees_a_reward() {
///     service.as("reader").get("/v1/rewards").expect(200);
/// }
/// ```
///
/// Nested test classes share it. Usable without JUnit, too, by [#start] and [#close]. One thread sets it up, starts and
/// closes it; clients may be used by many.
public final class TestService implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private final ServiceDefinition<?> definition;
    private final List<String> arguments = new ArrayList<>();
    private Time time = Time.system();
    private @Nullable RunningService running;
    private @Nullable HttpClient http;
    private int users;

    private TestService(ServiceDefinition<?> definition) {
        this.definition = definition;
        arguments.addAll(
                List.of("--service.environment=test", "--service.management-port=0", "--service.drain-timeout=5s"));
        Arrays.stream(definition.settings().getRecordComponents())
                .filter(section -> hasPort(section.getType()))
                .forEach(section -> arguments.add("--" + section.getName() + ".port=0"));
    }

    private static boolean hasPort(Class<?> section) {
        return section.isRecord()
                && Arrays.stream(section.getRecordComponents())
                        .anyMatch(component -> component.getName().equals("port"));
    }

    public static TestService of(ServiceDefinition<?> definition) {
        return new TestService(definition);
    }

    /// Sets a setting, for example `with("http.max-body-size", "1KB")`.
    public TestService with(String key, String value) {
        requireStopped();
        arguments.add("--" + key + "=" + value);
        return this;
    }

    /// Gives the service another clock, for example a [dev.slipway.testkit.MovableClock].
    public TestService with(Clock other) {
        return with(Time.of(other));
    }

    /// Lets the service go by another time, for example one that stands still until the test lets some pass.
    public TestService with(Time other) {
        requireStopped();
        time = other;
        return this;
    }

    /// Starts the service and waits until it is ready.
    ///
    /// @throws dev.slipway.core.SettingsException if settings are wrong
    /// @throws dev.slipway.core.StartException if it cannot start; it is stopped then
    public TestService start() {
        launch();
        try {
            running().awaitReady();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IllegalStateException("interrupted while the service was starting", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        return this;
    }

    /// Starts the service and returns while it is starting: then only [#management] answers. For tests of a start that
    /// has to wait for something.
    public TestService launch() {
        requireStopped();
        running = Slipway.start(
                definition,
                SettingsSources.ofArguments(definition, arguments),
                time,
                new SecureRandom(),
                LocalMachine.fresh());
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return this;
    }

    /// A client with a token of this subject and these roles, valid for an hour of the service's clock.
    public TestClient as(String subject, String... roles) {
        return client(token(subject, List.of(roles)));
    }

    /// A token of this subject and these roles, valid for an hour of the service's clock.
    public String token(String subject, List<String> roles) {
        return DevelopmentTokens.token(subject, roles, time.clock().instant());
    }

    /// A client without a token.
    public TestClient anonymous() {
        return new TestClient(http(), address("http"), List.of());
    }

    /// A client with a token of the test's own making.
    public TestClient client(String token) {
        return new TestClient(http(), address("http"), List.of("Authorization", "Bearer " + token));
    }

    /// A client of the management port.
    public TestClient management() {
        return new TestClient(http(), address("management"), List.of());
    }

    /// Whether the service has an address for a protocol, for example `grpc`.
    public boolean speaks(String protocol) {
        try {
            return address(protocol).getPort() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The address of a protocol, for example `http` or `management`.
    public URI address(String protocol) {
        return running().address(protocol);
    }

    @Override
    public void close() {
        var client = http;
        var service = running;
        http = null;
        running = null;
        if (client != null) {
            client.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (users++ == 0) {
            start();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--users == 0) {
            close();
        }
    }

    private void requireStopped() {
        if (running != null) {
            throw new IllegalStateException("the service has been started already");
        }
    }

    private RunningService running() {
        return required(running);
    }

    private HttpClient http() {
        return required(http);
    }

    private static <T> T required(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the service has not been started: is the extension's field static?");
        }
        return part;
    }
}
