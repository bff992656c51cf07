package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.core.RunningService;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriberTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final RunningService service = start();

    private static RunningService start() {
        var app = new IdleService();
        var arguments = List.of(
                "--service.environment=test",
                "--service.management-port=0",
                "--service.drain-timeout=1s",
                "--http.port=0");
        return Slipway.start(app, SettingsSources.ofArguments(app, arguments));
    }

    @BeforeEach
    void awaitReady() throws InterruptedException {
        service.awaitReady();
    }

    @AfterEach
    void stop() {
        service.close();
        http.shutdownNow();
    }

    private URI uri() {
        return URI.create(
                "ws://127.0.0.1:%s/graphql".formatted(service.address("http").getPort()));
    }

    @Test
    void a_subscriber_has_heard_that_its_subscription_has_begun() {
        assertThatCode(() -> Subscriber.of(http, uri(), User.of("ann")).close()).doesNotThrowAnyException();
    }

    @Test
    void a_subscriber_who_is_refused_is_no_result() {
        assertThatExceptionOfType(MeasureException.class)
                .isThrownBy(() -> Subscriber.of(http, uri(), new User("ann", "no-token")))
                .withMessageContaining("Forbidden");
    }
}
