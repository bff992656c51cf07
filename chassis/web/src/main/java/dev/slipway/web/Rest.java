package dev.slipway.web;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import dev.slipway.core.StartException;
import dev.slipway.security.Authenticator;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The REST side of a service: a web server with the routes that the wiring adds.
///
/// It starts after what was wired before it. Before it stops, it tells clients to close their connections; then it
/// takes no more of them, ends those that are idle, and answers the requests in flight.
public final class Rest implements Component {
    /// How much larger than allowed a body may be and still get an orderly answer; beyond, the connection is cut.
    private static final int LEEWAY = 4;

    private final Assembly service;
    private final HttpSettings settings;
    private final MeterRegistry meters;
    private final Authenticator authenticator;
    private final List<Route<?>> routes = new ArrayList<>();
    private final Semaphore gate;
    private Optional<Idempotency> idempotency = Optional.empty();
    private volatile boolean draining;
    private volatile @Nullable Running running;

    /// What exists while the server runs.
    private record Running(WebServer server, Validation validation) {}

    private Rest(Assembly service, HttpSettings settings, MeterRegistry meters, Authenticator authenticator) {
        this.service = service;
        this.settings = settings;
        this.meters = meters;
        this.authenticator = authenticator;
        this.gate = new Semaphore(settings.maxConcurrentRequests());
    }

    /// Adds a web server to the service; it starts with it.
    public static Rest open(
            Assembly service, HttpSettings settings, MeterRegistry meters, Authenticator authenticator) {
        var rest = new Rest(service, settings, meters, authenticator);
        service.component("http", rest);
        service.address("http", rest::address);
        return rest;
    }

    /// Where the answers of idempotent routes are kept; said before the routes.
    public Rest idempotency(Idempotency store) {
        idempotency = Optional.of(store);
        return this;
    }

    /// Adds routes; one that lacks a policy or contradicts itself is refused, and the service does not start.
    public Rest routes(Route<?>... more) {
        for (var route : more) {
            route.mistakes().forEach(service::refuse);
            if (route.idempotent() && idempotency.isEmpty()) {
                service.refuse(route.name() + " is idempotent, but the service has no store for it");
            }
            for (var other : routes) {
                if (other.name().equals(route.name())) {
                    service.refuse("two routes are named " + route.name());
                }
                if (shape(other).equals(shape(route))) {
                    refuseTwins(other, route);
                }
            }
            routes.add(route);
        }
        refuseNamesakes();
        return this;
    }

    private void refuseTwins(Route<?> first, Route<?> second) {
        if (first.method().equals(second.method())) {
            service.refuse("two routes serve " + second.method() + " " + second.path());
        }
        if (!first.path().equals(second.path())) {
            service.refuse("one path has two names for a parameter: " + first.path() + " and " + second.path());
        }
    }

    /// The API's description knows types by their simple names.
    private void refuseNamesakes() {
        var byName = new HashMap<String, Class<?>>();
        var reported = new HashSet<String>();
        for (var route : routes) {
            for (var type : route.types()) {
                var namesake = byName.putIfAbsent(type.getSimpleName(), type);
                if (namesake != null && namesake != type && reported.add(type.getSimpleName())) {
                    service.refuse("two types of the API are called " + type.getSimpleName());
                }
            }
        }
    }

    /// Everything but the port: validation and web server are large libraries.
    @Override
    public void prepare() {
        var validation = new Validation();
        var json = new Json();
        var context = new RestContext(
                service.name(),
                settings,
                service.clock(),
                authenticator,
                idempotency,
                meters,
                json,
                validation,
                new AccessLog(),
                gate,
                () -> draining);
        var server = WebServer.builder()
                .address(host())
                .port(settings.port())
                .routing(routing -> route(routing, context))
                .protocolsDiscoverServices(false)
                // Nothing writes requests and answers as they are, at any level: they hold personal data.
                .addProtocol(Http1Config.builder()
                        .sendLog(false)
                        .receiveLog(false)
                        .maxHeadersSize(settings.maxHeaderSize().intBytes())
                        .build())
                .maxTcpConnections(settings.maxConnections())
                .connectionOptions(Connections.of(readTimeout()))
                .maxPayloadSize(settings.maxBodySize().bytes() * LEEWAY)
                .errorHandling(handling -> handling.includeEntity(true))
                .shutdownGracePeriod(service.drainTimeout())
                .directHandlers(ProtocolProblems.handlers(json))
                .shutdownHook(false)
                .build();
        running = new Running(server, validation);
    }

    @Override
    public void start() {
        var host = host();
        checkFree(host);
        var server = Objects.requireNonNull(running).server();
        server.start();
        if (!server.isRunning()) {
            throw new StartException(taken(host, "it may be taken"), null);
        }
    }

    /// Helidon only logs that a port is taken, with a stack; this says why, and which setting to change.
    private void checkFree(InetAddress host) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, settings.port()));
        } catch (IOException e) {
            throw new StartException(taken(host, String.valueOf(e.getMessage())), e);
        }
    }

    private String taken(InetAddress host, String why) {
        return "http.port: cannot listen on %s:%d: %s; choose another port or 0 for a free one"
                .formatted(host.getHostAddress(), settings.port(), why);
    }

    private Duration readTimeout() {
        return settings.idleTimeout().compareTo(settings.requestTimeout()) < 0
                ? settings.idleTimeout()
                : settings.requestTimeout();
    }

    @Override
    public void beforeStop() {
        draining = true;
    }

    @Override
    public void drain(Duration limit) {
        draining = true;
        stop();
    }

    @Override
    public void close() {
        stop();
        var now = running;
        if (now != null) {
            now.validation().close();
        }
    }

    private void stop() {
        var now = running;
        if (now != null) {
            now.server().stop();
        }
    }

    private URI address() {
        var now = running;
        if (now == null) {
            throw new IllegalStateException("the server has not started");
        }
        var host = host();
        var shown = host.isAnyLocalAddress() || host.isLoopbackAddress() ? "localhost" : host.getHostAddress();
        return URI.create("http://" + shown + ":" + now.server().port());
    }

    private InetAddress host() {
        var host = settings.host().orElse(service.environment().defaultHost());
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StartException("http.host: " + host + " is not known on this machine", e);
        }
    }

    private void route(HttpRouting.Builder routing, RestContext context) {
        for (var route : routes) {
            var endpoint = new Endpoint<>(route, context);
            routing.route(Method.create(route.method()), route.path(), endpoint);
            if (route.method().equals("GET")) {
                routing.route(Method.HEAD, route.path(), endpoint);
            }
        }
        if (servesDocs()) {
            Docs.serve(routing, service.name(), () -> OpenApi.of(service.name(), routes));
        }
        var wrongMethod = new Endpoint<>(Route.unmatched("wrong method", RestContext.METHOD_NOT_ALLOWED), context);
        methods().forEach((path, methods) -> {
            var allow = HeaderValues.createCached(HeaderNames.ALLOW, String.join(", ", methods));
            routing.any(path, (request, response) -> {
                response.header(allow);
                wrongMethod.handle(request, response);
            });
        });
        routing.any(new Endpoint<>(Route.unmatched("no route", RestContext.NO_RESOURCE), context));
    }

    private boolean servesDocs() {
        return settings.docs()
                .map(mode -> mode == HttpSettings.DocsMode.ON)
                .orElse(service.environment().allowsDevelopmentAids());
    }

    /// By path, in which the names of the parameters do not matter.
    private Map<String, SortedSet<String>> methods() {
        var methods = new LinkedHashMap<String, SortedSet<String>>();
        for (var route : routes) {
            var allowed = methods.computeIfAbsent(shape(route), path -> new TreeSet<>());
            allowed.add(route.method());
            if (route.method().equals("GET")) {
                allowed.add("HEAD");
            }
        }
        return methods;
    }

    private static String shape(Route<?> route) {
        return route.path().replaceAll("\\{[^}]*}", "{any}");
    }
}
