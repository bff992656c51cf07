package dev.slipway.web;

import dev.slipway.core.Assembly;
import dev.slipway.core.BindAddress;
import dev.slipway.core.Component;
import dev.slipway.core.Health;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Operations;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The REST side of a service: a web server with the routes that the wiring adds.
///
/// It starts after what was wired before it. Before it stops, it tells clients to close their connections; then it
/// takes no more of them, ends those that are idle and the streams without an end of their own, and answers the requests
/// in flight. Those that are not done in time are told that the service stops.
public final class Rest implements Component {
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "X-Api-Version");

    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

    private final Assembly service;
    private final HttpSettings settings;
    private final MeterRegistry meters;
    private final Operations operations;
    private final List<Addressed> routes = new ArrayList<>();
    private final List<Consumer<Mount>> parts = new ArrayList<>();
    private final DateHeader date;
    private final Connections connections;
    private final Heartbeats beats;
    private volatile boolean draining;
    private volatile @Nullable WebServer running;
    private @Nullable Thread stop;

    private Rest(Assembly service, HttpSettings settings, MeterRegistry meters, Operations operations) {
        this.service = service;
        this.settings = settings;
        this.meters = meters;
        this.operations = operations;
        this.date = new DateHeader(service.clock());
        this.connections = new Connections(settings.idleTimeout(), settings.requestTimeout(), service.time());
        Gauge.builder("http.server.connections", connections, Connections::count)
                .description("Connections that are open")
                .register(meters);
        this.beats = new Heartbeats(settings.streamHeartbeat(), service.time());
    }

    /// Adds a web server to the service; it starts with it.
    public static Rest open(ProtocolHost host, HttpSettings settings) {
        var rest = new Rest(host.service(), settings, host.meters(), host.operations());
        host.service().component("http", rest);
        host.service().listens(rest::bound);
        host.service().health("http", rest::health);
        host.service().address("http", () -> rest.bound().uri("http", rest.port()));
        return rest;
    }

    /// When all connections are taken, nobody else is answered.
    private Health health() {
        var open = connections.count();
        return open < settings.maxConnections()
                ? new Health.Up(open + " connections")
                : new Health.Down("all " + open + " connections are taken");
    }

    /// Adds routes; one that lacks a policy or contradicts itself is refused, and the service does not start.
    public Rest routes(Collection<? extends Addressed> more) {
        for (var route : more) {
            operations.check(route.description());
            route.mistakes().forEach(service::refuse);
            for (var other : routes) {
                if (other.name().equals(route.name()) && other.version() == route.version()) {
                    service.refuse("two routes are named " + route.name());
                }
                if (shape(other.path()).equals(shape(route.path()))) {
                    refuseTwins(other, route);
                }
            }
            announce(route.version());
            routes.add(route);
        }
        refuseNamesakes();
        return this;
    }

    /// The first route of a version brings its document along.
    private void announce(int version) {
        if (servesDocs() && routes.stream().noneMatch(known -> known.version() == version)) {
            if (routes.isEmpty()) {
                service.page("API", "http", "/docs");
            }
            service.page("OpenAPI v" + version, "http", "/openapi/v" + version + ".json");
        }
    }

    public Rest routes(Addressed... more) {
        return routes(List.of(more));
    }

    /// Serves another protocol on the same port, for example `rest.mount(graphql::mount)`.
    public Rest mount(Consumer<Mount> part) {
        parts.add(part);
        return this;
    }

    /// The port that it listens on once it has started; not the setting's if that is 0.
    public int port() {
        var now = running;
        if (now == null || !now.isRunning()) {
            throw new IllegalStateException("the server has not started");
        }
        return now.port();
    }

    private void refuseTwins(Addressed first, Addressed second) {
        if (first.method().equals(second.method())) {
            service.refuse("two routes serve " + second.method() + " " + second.path());
        }
        if (!first.path().equals(second.path())) {
            service.refuse("one path has two names for a parameter: " + first.path() + " and " + second.path());
        }
    }

    /// The API's description knows types by their simple names, but for those that are only parameters in it.
    private void refuseNamesakes() {
        var byName = new HashMap<String, Class<?>>();
        var reported = new HashSet<String>();
        for (var route : routes) {
            for (var type : route.description().types()) {
                if (route.takesQuery() && type == route.description().input()) {
                    continue;
                }
                var namesake = byName.putIfAbsent(route.version() + type.getSimpleName(), type);
                if (namesake != null && namesake != type && reported.add(type.getSimpleName())) {
                    service.refuse("two types of the API are called " + type.getSimpleName() + ": " + namesake.getName()
                            + " and " + type.getName());
                }
            }
        }
    }

    /// Everything but the port: the web server is a large library.
    @Override
    public void prepare() {
        var context = new RestContext(
                service.name(),
                settings,
                operations,
                service.time(),
                operations.json(),
                meters,
                new AccessLog(),
                new Cors(Set.copyOf(settings.corsOrigins())),
                connections,
                beats,
                new ConcurrencyLimit("http", settings.limit(), service.time(), meters),
                new StreamLimit("http.server.streams", settings.streams(), settings.streamsPerClient(), meters),
                () -> draining);
        var configured = WebServer.builder()
                .address(bound().host())
                .port(settings.port())
                .protocolsDiscoverServices(false)
                .maxTcpConnections(settings.maxConnections())
                .connectionOptions(connections.options())
                .maxPayloadSize(Math.max(
                        RequestBody.withLeeway(settings.maxBodySize()),
                        settings.maxStreamSize().bytes()))
                .errorHandling(handling -> handling.includeEntity(true))
                .shutdownGracePeriod(service.drainTimeout())
                .directHandlers(ProtocolProblems.handlers(operations.json(), date, service.random()))
                .shutdownHook(false);
        var routing = HttpRouting.builder().addFilter(this::watched);
        route(routing, new Mount(routing, configured, context), context);
        Http1.serve(configured, settings);
        running = configured.routing(routing).build();
    }

    private void watched(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var connection = connections.of(request.remotePeer());
        connection.works();
        response.header(date.now());
        try {
            chain.proceed();
            if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
                throw new CloseConnectionException("the client asked for it");
            }
        } finally {
            connection.awaitsRequest();
        }
    }

    @Override
    public void start() {
        var bound = bound();
        // Helidon only logs that a port is taken, with a stack.
        bound.checkFree();
        var server = Objects.requireNonNull(running);
        connections.start();
        beats.start();
        server.start();
        if (!server.isRunning()) {
            throw bound.taken("it may be taken", null);
        }
    }

    @Override
    public void beforeStop(Duration limit) {
        draining = true;
    }

    @Override
    public void endIntake() {
        draining = true;
        connections.endIntake();
        beats.stop();
        stop = Thread.ofVirtual().name("http stops").start(this::stop);
    }

    /// Helidon breaks the connections of other protocols when it stops: they come first.
    private void stop() {
        try {
            connections.awaitUpgraded();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Objects.requireNonNull(running).stop();
    }

    @Override
    public void drain(Duration limit) throws InterruptedException {
        Objects.requireNonNull(stop).join(limit);
    }

    @Override
    public void close() {
        beats.giveUp();
        connections.giveUp();
        awaitStop();
        beats.close();
        connections.cut();
        connections.close();
        awaitStop();
    }

    /// For as long as it takes a client to hear of it.
    private void awaitStop() {
        var now = stop;
        try {
            if (now != null) {
                now.join(LAST_ANSWERS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private BindAddress bound() {
        return BindAddress.of("http.", settings.host(), settings.port(), service.environment());
    }

    private void route(HttpRouting.Builder routing, Mount mount, RestContext context) {
        var versions = new LinkedHashMap<String, TreeMap<Integer, Handler>>();
        for (var route : routes) {
            var handler = handler(route, context);
            serve(routing, route.method(), route.path(), handler);
            versions.computeIfAbsent(route.method() + " " + route.template(), resource -> new TreeMap<>())
                    .put(route.version(), handler);
        }
        versions.forEach((resource, byVersion) -> {
            var space = resource.indexOf(' ');
            var template = resource.substring(space + 1);
            var choice = new Versions<>(service.name(), byVersion, settings.defaultVersion());
            var unknown = edge(context, "unknown version", template, request -> {
                choice.choose(request.headers());
                throw new IllegalStateException("the version is known");
            });
            serve(routing, resource.substring(0, space), template, (request, response) -> {
                Answer.vary(response, VARY);
                Handler chosen;
                try {
                    chosen = choice.choose(request.headers());
                } catch (ProblemException e) {
                    Answer.vary(response, Negotiation.VARY);
                    chosen = unknown::serve;
                }
                chosen.handle(request, response);
            });
        });
        if (servesDocs()) {
            Docs.serve(routing, service.name(), service.home(), routes);
        }
        parts.forEach(part -> part.accept(mount));
        serveTheRest(routing, context);
    }

    private static void serve(HttpRouting.Builder routing, String method, String path, Handler handler) {
        routing.route(Method.create(method), path, handler);
        if (method.equals("GET")) {
            routing.route(Method.HEAD, path, handler);
        }
    }

    private static Handler handler(Addressed route, RestContext context) {
        RestAnswering endpoint = switch (route) {
            case Route<?, ?> unary -> new RestEndpoint<>(unary, context);
            case StreamRoute<?, ?> stream -> new StreamEndpoint<>(stream, context);
        };
        return new Edge(context, endpoint, route.method())::serve;
    }

    /// Answers where no route does: the questions of browsers, wrong methods, unknown versions and unknown paths.
    private void serveTheRest(HttpRouting.Builder routing, RestContext context) {
        methods().forEach((path, methods) -> serveOtherMethods(routing, context, path, methods, List.of()));
        var known = routes.stream().map(Addressed::version).collect(Collectors.toCollection(TreeSet::new));
        routing.any(edge(context, "unmatched", "no route", request -> {
            throw (Versions.isUnknown(request.path().path(), known)
                            ? Versions.unknown(Kind.NOT_FOUND, known)
                            : RestContext.NO_RESOURCE)
                    .asException();
        })::serve);
    }

    static void serveOtherMethods(
            HttpRouting.Builder routing,
            RestContext context,
            String path,
            SortedSet<String> methods,
            List<String> headers) {
        var allowed = String.join(", ", methods);
        var allow = HeaderValues.createCached(HeaderNames.ALLOW, allowed);
        var edge = edge(context, "wrong method", path, request -> {
            if (request.prologue().method().equals(Method.OPTIONS)
                    && context.cors().isPreflight(request.headers())) {
                return context.cors().preflight(allowed, headers);
            }
            throw RestContext.METHOD_NOT_ALLOWED.asException();
        });
        routing.any(path, (request, response) -> {
            response.header(allow);
            edge.serve(request, response);
        });
    }

    private static Edge edge(RestContext context, String name, String path, Fallback.Reply reply) {
        return new Edge(context, new Fallback(context, name, path, reply), "ANY");
    }

    private boolean servesDocs() {
        return settings.docs()
                .map(mode -> mode == HttpSettings.DocsMode.ON)
                .orElse(service.environment().allowsDevelopmentAids());
    }

    /// By path, with and without a version; the names of the parameters do not matter.
    private Map<String, SortedSet<String>> methods() {
        var methods = new LinkedHashMap<String, SortedSet<String>>();
        for (var route : routes) {
            for (var path : List.of(route.path(), route.template())) {
                var allowed = methods.computeIfAbsent(shape(path), shape -> new TreeSet<>());
                allowed.add(route.method());
                if (route.method().equals("GET")) {
                    allowed.add("HEAD");
                }
            }
        }
        return methods;
    }

    private static String shape(String path) {
        return path.replaceAll("\\{[^}]*}", "{any}");
    }
}
