package dev.slipway.web;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import dev.slipway.core.StartException;
import dev.slipway.security.Authenticator;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The REST side of a service: a web server with the routes that the wiring adds.
///
/// It starts after what was wired before it, and while it drains it still answers, telling clients to close their
/// connections, until nothing is in flight.
public final class Rest implements Component {
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

    /// Where the answers of idempotent routes are kept.
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
                if (other.method().equals(route.method()) && shape(other).equals(shape(route))) {
                    service.refuse("two routes serve " + route.method() + " " + route.path());
                }
            }
            routes.add(route);
        }
        return this;
    }

    @Override
    public void start() {
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
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(settings.maxHeaderSize().intBytes())
                        .build())
                .connectionOptions(options -> options.readTimeout(settings.idleTimeout()))
                .idleConnectionTimeout(settings.idleTimeout())
                .maxPayloadSize(settings.maxBodySize().bytes() + 1)
                .directHandlers(ProtocolProblems.handlers(json))
                .shutdownHook(false)
                .build();
        running = new Running(server, validation);
        try {
            server.start();
        } catch (RuntimeException e) {
            throw new StartException(
                    "http.port: cannot listen on %s:%d; it is taken or not allowed; choose another port or 0 for a free one"
                            .formatted(host().getHostAddress(), settings.port()),
                    e);
        }
    }

    @Override
    public void drain(Duration limit) throws InterruptedException {
        draining = true;
        if (gate.tryAcquire(settings.maxConcurrentRequests(), limit.toNanos(), TimeUnit.NANOSECONDS)) {
            gate.release(settings.maxConcurrentRequests());
        }
    }

    @Override
    public void close() {
        var now = running;
        if (now != null) {
            now.server().stop();
            now.validation().close();
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
        methods().forEach((path, methods) -> routing.any(path, (request, response) -> {
            response.header(HeaderNames.ALLOW, String.join(", ", methods));
            wrongMethod.handle(request, response);
        }));
        routing.any(new Endpoint<>(Route.unmatched("no route", RestContext.NO_RESOURCE), context));
    }

    private boolean servesDocs() {
        return settings.docs()
                .map(mode -> mode == HttpSettings.DocsMode.ON)
                .orElse(service.environment().allowsDevelopmentAids());
    }

    private Map<String, SortedSet<String>> methods() {
        var methods = new LinkedHashMap<String, SortedSet<String>>();
        for (var route : routes) {
            var allowed = methods.computeIfAbsent(route.path(), path -> new TreeSet<>());
            allowed.add(route.method());
            if (route.method().equals("GET")) {
                allowed.add("HEAD");
            }
        }
        return methods;
    }

    private static String shape(Route<?> route) {
        return route.path().replaceAll("\\{[^}]*}", "{}");
    }
}
