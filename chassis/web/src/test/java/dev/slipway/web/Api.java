package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.Time;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.operation.Operations;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.RateLimits;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.CapturedLog;
import dev.slipway.testkit.NoInfrastructure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A service with the given routes, and clients for it. A token `x` stands for the subject `x`.
final class Api implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Sections(HttpSettings http, LimitSettings limits) {}

    private final ServiceDefinition<Sections> definition;
    private final RunningService service;
    final HttpClient client = HttpClient.newHttpClient();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CapturedLog log;
    private int looked;

    Api(Consumer<Rest> wiring, String... arguments) {
        this(Time.system(), wiring, arguments);
    }

    Api(Time time, Consumer<Rest> wiring, String... arguments) {
        definition = new ServiceDefinition<>("shop", Sections.class) {
            @Override
            public void assemble(Assembly assembly, Sections settings) {
                var kept = new InMemoryIdempotency(assembly.clock());
                var operations = Operations.open(assembly, Api::authenticate)
                        .limits(RateLimits.open(assembly, settings.limits(), meters))
                        .transactions(kept)
                        .idempotency(kept, Duration.ofHours(1));
                wiring.accept(Rest.open(ProtocolHost.of(assembly, meters, operations), settings.http()));
            }
        };
        var all =
                new ArrayList<>(List.of("--service.environment=test", "--service.management-port=0", "--http.port=0"));
        all.addAll(List.of(arguments));
        var sources = SettingsSources.ofArguments(definition, all);
        service = Slipway.start(definition, sources, time, new Random(), new NoInfrastructure());
        Await.ready(service);
        log = CapturedLog.ofAll();
    }

    static Api shop(String... arguments) {
        return new Api(Api::shopRoutes, arguments);
    }

    static void shopRoutes(Rest rest) {
        rest.routes(Shop.routes(() -> {}));
    }

    private static Caller authenticate(List<String> authorization) {
        if (authorization.isEmpty()) {
            return new Caller.Anonymous();
        }
        var token = authorization.getFirst().replace("Bearer ", "");
        if (token.equals("bad")) {
            throw Problem.of(Problem.Kind.UNAUTHENTICATED, "invalid-token", "The token is not valid.")
                    .asException();
        }
        return new Caller.Authenticated(token, Optional.empty(), Shop.rolesOf(token), Set.of());
    }

    URI address() {
        return service.address("http");
    }

    RunningService service() {
        return service;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address().resolve(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /// Places [Shop#ORDER], and does not wait for the answer.
    CompletableFuture<HttpResponse<String>> order() {
        return client.sendAsync(
                request("/v1/orders")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Shop.ORDER))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        var request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
        return write("POST", path, json, headers);
    }

    HttpResponse<String> write(String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        var request =
                request(path).header("Content-Type", "application/json").method(method, BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /// Sends bytes as they are and reads until the server closes the connection.
    String raw(String request) throws IOException {
        try (var socket = new Socket(address().getHost(), address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return readAll(socket.getInputStream());
        }
    }

    static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /// A problem document without its request id, which is checked here.
    static JsonNode problem(HttpResponse<String> response) throws IOException {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        var document = (com.fasterxml.jackson.databind.node.ObjectNode) JSON.readTree(response.body());
        assertThat(document.get("status").asInt()).isEqualTo(response.statusCode());
        assertThat(document.remove("requestId").asText())
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(document.remove("retry").asText()).isIn("never", "after-change", "later");
        assertThat(document.get("type").asText())
                .isEqualTo("urn:problem:" + document.get("code").asText());
        return document;
    }

    static String code(HttpResponse<String> response) throws IOException {
        return problem(response).get("code").asText();
    }

    /// Each field error as `field code`.
    static List<String> fields(HttpResponse<String> response) throws IOException {
        var errors = new ArrayList<String>();
        problem(response)
                .path("errors")
                .forEach(error -> errors.add(
                        error.get("field").asText() + " " + error.get("code").asText()));
        return errors;
    }

    /// Of the server's adaptive limit.
    double gauge(String name) {
        return meters.get(name).tag("server", "http").gauge().value();
    }

    List<ILoggingEvent> logged(String logger) {
        return log.events(logger);
    }

    /// What was logged as a warning or with a stack since this was last asked for.
    List<String> newFaults() {
        var events = log.events();
        var fresh = events.subList(looked, events.size());
        looked = events.size();
        return fresh.stream()
                .filter(event ->
                        event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getClassName()
                                        + event.getThrowableProxy().getMessage()))
                .toList();
    }

    @Override
    public void close() {
        service.close();
        client.close();
        log.close();
    }
}
