package dev.slipway.graphql;

import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Component;
import dev.slipway.core.StartException;
import dev.slipway.operation.Operations;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.security.Policy;
import dev.slipway.web.Mount;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.SchemaPrinter;
import graphql.schema.idl.errors.SchemaProblem;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The GraphQL side of a service, at `/graphql` of its web server: queries and mutations, subscriptions by WebSocket and
/// by server-sent events. Outside production also GraphiQL at `/graphiql`, and the schema at `/graphql/schema.graphqls`.
public final class GraphQl implements Component {
    static final String PATH = "/graphql";

    private final ProtocolHost host;
    private final Assembly service;
    private final Operations operations;
    private final GraphQlSettings settings;
    private final Watch watch;
    private @Nullable Graph graph;
    private volatile @Nullable Serving serving;
    private volatile @Nullable Wiring wiring;

    private GraphQl(ProtocolHost host, GraphQlSettings settings) {
        this.host = host;
        this.service = host.service();
        this.operations = host.operations();
        this.settings = settings;
        this.watch = new Watch(settings.keepAlive(), service.time());
    }

    /// Adds GraphQL to the service.
    public static GraphQl open(ProtocolHost host, GraphQlSettings settings) {
        var graphql = new GraphQl(host, settings);
        host.service().component("graphql", graphql);
        return graphql;
    }

    /// Serves this graph; several become one, as if their files were those of one. An operation without a policy, or a
    /// schema and bindings that do not fit together, refuse the start.
    ///
    /// @throws IllegalArgumentException if another graph binds the same field, gives a type of the schema another class,
    ///     or lists the documents that are allowed, too
    public GraphQl graph(Graph served) {
        served.descriptions().forEach(operations::check);
        var before = graph;
        if (before != null) {
            graph = before.and(served);
            return this;
        }
        graph = served;
        if (isOn(settings.graphiql())) {
            service.page("GraphiQL", "http", "/graphiql");
        }
        if (isOn(settings.introspection())) {
            service.page("GraphQL schema", "http", PATH + "/schema.graphqls");
        }
        return this;
    }

    /// Of the operations that there are.
    private static Set<String> types(GraphQLSchema schema) {
        var types = new TreeSet<>(Set.of("query"));
        if (schema.isSupportingMutations()) {
            types.add("mutation");
        }
        if (schema.isSupportingSubscriptions()) {
            types.add("subscription");
        }
        return types;
    }

    /// A schema takes long to put together.
    @Override
    public void prepare() {
        var served = Objects.requireNonNull(graph, "there is no graph");
        var mistakes = new ArrayList<String>();
        try {
            var wired = Wiring.of(served, operations, host.meters(), service.time(), mistakes::add);
            var engine = new Engine(
                    wired, settings, operations, isOn(settings.introspection()), allowed(served, mistakes), charge());
            wiring = wired;
            serving = new Serving(types(wired.schema()), engine, host, settings, watch);
        } catch (SchemaProblem e) {
            e.getErrors().forEach(error -> mistakes.add("the GraphQL schema is wrong: " + error.getMessage()));
        }
        if (!mistakes.isEmpty()) {
            throw new StartException(mistakes);
        }
    }

    private BiConsumer<Caller, Long> charge() {
        return settings.costPerMinute()
                .<BiConsumer<Caller, Long>>map(most -> new Budget(most, service.time()))
                .orElse((caller, cost) -> {});
    }

    private Map<String, String> allowed(Graph graph, List<String> mistakes) {
        var documents = new HashMap<String, String>();
        if (graph.manifest().isEmpty()) {
            if (settings.documents() == GraphQlSettings.Documents.ALLOWED) {
                mistakes.add("graphql.documents is allowed, but the service lists none");
            }
            return documents;
        }
        var manifest = operations.json().read(graph.manifest().getBytes(StandardCharsets.UTF_8), Map.class);
        if (manifest.get("operations") instanceof List<?> listed) {
            for (var entry : listed) {
                if (entry instanceof Map<?, ?> operation && operation.get("body") instanceof String body) {
                    documents.put(Documents.hash(body), body);
                }
            }
        }
        return documents;
    }

    /// The schema as it is served, sorted; what clients and the schema gate see.
    public String schema() {
        return new SchemaPrinter(SchemaPrinter.Options.defaultOptions()
                        .includeDirectiveDefinitions(false)
                        // A type may be called Subscription and be no root.
                        .includeSchemaDefinition(true)
                        .includeScalarTypes(true))
                .print(wired());
    }

    private GraphQLSchema wired() {
        var now = wiring;
        if (now == null) {
            throw new IllegalStateException("there is no schema before the start");
        }
        return now.schema();
    }

    /// Joins the web server: `rest.mount(graphql::mount)`.
    public void mount(Mount web) {
        web.endpoint(new HttpEndpoint(settings, this::serving));
        var admission = web.newWorkload();
        web.server()
                .addProtocol(new SocketUpgrade(
                        PATH,
                        SocketSession.PROTOCOL,
                        settings.maxBodySize().intBytes(),
                        service.time(),
                        headers -> new SocketSession(serving(), headers, admission, web.streams(), web::heard)));
        if (isOn(settings.introspection())) {
            web.routing()
                    .get(
                            PATH + "/schema.graphqls",
                            (request, response) -> response.header(
                                            HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                                    .send(schema().getBytes(StandardCharsets.UTF_8)));
        }
        if (isOn(settings.graphiql())) {
            GraphiQl.serve(web.routing(), service.name(), this::session);
        }
    }

    /// What GraphiQL opens on: a query of this service and, where there is one, a token to ask it with, which has all roles
    /// that the policies speak of.
    private byte[] session() {
        var roles = Objects.requireNonNull(graph).descriptions().stream()
                .flatMap(description -> description.policy().stream())
                .flatMap(GraphQl::roles)
                .collect(Collectors.toCollection(TreeSet::new));
        var token = service.localInfrastructure()
                .flatMap(
                        local -> local.token("developer", roles, service.clock().instant()));
        var headers =
                token.map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of());
        return serving()
                .wire()
                .write(Map.of("service", service.name(), "query", SampleQuery.of(wired()), "headers", headers));
    }

    private static Stream<String> roles(Policy policy) {
        return switch (policy) {
            case Policy.AnyRole(var roles) -> roles.stream();
            case Policy.Either(var parts) -> parts.stream().flatMap(GraphQl::roles);
            case Policy.All(var parts) -> parts.stream().flatMap(GraphQl::roles);
            case Policy.Anyone _,
                    Policy.Known _,
                    Policy.Permission _,
                    Policy.Subject _,
                    Policy.Tenant _,
                    Policy.Service _ -> Stream.empty();
        };
    }

    private Serving serving() {
        var now = serving;
        if (now == null) {
            throw new IllegalStateException("nothing is served before the start");
        }
        return now;
    }

    private boolean isOn(Optional<GraphQlSettings.Mode> mode) {
        return mode.map(set -> set == GraphQlSettings.Mode.ON)
                .orElse(service.environment().allowsDevelopmentAids());
    }

    @Override
    public void start() {
        watch.start();
    }

    /// Ends subscriptions, and lets sockets go as soon as their queries and mutations are answered; the web server waits
    /// for that.
    @Override
    public void endIntake() {
        var now = serving;
        if (now != null) {
            now.drain();
        }
        watch.leave();
    }

    @Override
    public void close() {
        watch.close();
    }
}
