package dev.slipway.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.core.Assembly;
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
import dev.slipway.testkit.NoInfrastructure;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A service that serves the [Library] by GraphQL, and a client for it.
final class Site extends ServiceDefinition<Site.Settings> implements AutoCloseable {
    record Settings(GraphQlSettings graphql, HttpSettings http, LimitSettings limits) {}

    record Reply(int status, HttpResponse<String> response) {
        JsonNode json() {
            return parse(response.body());
        }

        JsonNode data() {
            return json().get("data");
        }

        String code() {
            return json().at("/errors/0/extensions/code").asText();
        }
    }

    final Library library = new Library();
    final Graph graph;
    private final List<Graph> more;
    final MeterRegistry meters = new SimpleMeterRegistry();
    final Set<String> expired = ConcurrentHashMap.newKeySet();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private @Nullable GraphQlSettings settings;
    private @Nullable Rest rest;
    private @Nullable RunningService running;
    private @Nullable GraphQl graphql;

    Site(Function<Library, Graph> graph) {
        this(graph, List.of());
    }

    private Site(Function<Library, Graph> graph, List<Graph> more) {
        super("library", Settings.class);
        this.graph = graph.apply(library);
        this.more = more;
    }

    /// Serves another graph.
    static Site serving(Function<Library, Graph> graph, String... arguments) {
        return start(new Site(graph), "test", arguments);
    }

    /// Serves the library and more.
    static Site withMore(Graph... more) {
        return start(new Site(Library::graph, List.of(more)), "test");
    }

    static Site start(String... arguments) {
        return startIn("test", arguments);
    }

    static Site startIn(String environment, String... arguments) {
        return start(new Site(Library::graph), environment, arguments);
    }

    /// The library, at a time that the test lets pass.
    static Site startAt(Time time, String... arguments) {
        return start(new Site(Library::graph), "test", time, arguments);
    }

    private static Site start(Site site, String environment, String... arguments) {
        return start(site, environment, Time.system(), arguments);
    }

    private static Site start(Site site, String environment, Time time, String... arguments) {
        var all = new ArrayList<>(List.of(
                "--service.environment=" + environment,
                "--service.management-port=0",
                "--service.management-host=127.0.0.1",
                "--http.port=0",
                "--http.host=127.0.0.1",
                "--service.drain-timeout=2s"));
        all.addAll(List.of(arguments));
        var running =
                Slipway.start(site, SettingsSources.ofArguments(site, all), time, new Random(), new NoInfrastructure());
        site.running = running;
        Await.ready(running);
        return site;
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        this.settings = settings.graphql();
        var kept = new InMemoryIdempotency(service.clock());
        var operations = Operations.open(service, authorization -> Library.authenticate(authorization, expired))
                .limits(RateLimits.open(service, settings.limits(), meters))
                .transactions(kept)
                .idempotency(kept, Duration.ofHours(1));
        var host = ProtocolHost.of(service, meters, operations);
        var opened = GraphQl.open(host, settings.graphql()).graph(graph);
        more.forEach(opened::graph);
        graphql = opened;
        rest = Rest.open(host, settings.http()).mount(opened::mount);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + Objects.requireNonNull(rest).port() + "/graphql");
    }

    HttpClient http() {
        return http;
    }

    /// A query by POST, with variables as JSON and headers as pairs.
    Reply query(String query, String variables, String... headers) {
        return post(
                "{\"query\":%s,\"variables\":%s}".formatted(new JsonMapper().valueToTree(query), variables), headers);
    }

    Reply query(String query) {
        return query(query, "{}");
    }

    Reply post(String body, String... headers) {
        var request = HttpRequest.newBuilder(uri())
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return send(request, headers);
    }

    Reply get(String query, String... headers) {
        return send(
                HttpRequest.newBuilder(URI.create(uri() + query).normalize()).timeout(Duration.ofSeconds(20)), headers);
    }

    private Reply send(HttpRequest.Builder request, String... headers) {
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode parse(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    GraphQlSettings settingsOfGraphQl() {
        return Objects.requireNonNull(settings);
    }

    String schema() {
        return Objects.requireNonNull(graphql).schema();
    }

    @Override
    public void close() {
        http.shutdownNow();
        var now = running;
        if (now != null) {
            now.close();
        }
    }
}
