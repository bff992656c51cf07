package dev.slipway.core;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.RunningService.State;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Health on a port of its own, which is up from the first moment of a service to its last.
///
/// `/health/live`: the process works. `/health/started`: it has been ready once. `/health/ready`: it wants requests,
/// and no required dependency is down. `/health`: each dependency by name. Answers in JSON: 200 for `up` and `degraded`
/// (a dependency is down that the service can do without), 503 for `down`. `/` says what is there.
final class ManagementServer implements AutoCloseable {
    private static final int CHECK_SECONDS = 2;
    private static final List<String> METHODS = List.of("GET", "HEAD");

    private enum Status {
        UP,
        DEGRADED,
        DOWN;

        int code() {
            return this == DOWN ? 503 : 200;
        }
    }

    private final Assembly assembly;
    private final BindAddress bound;
    private final Supplier<State> state;
    private final BooleanSupplier hasBeenReady;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    ManagementServer(Assembly assembly, ServiceSettings settings, Supplier<State> state, BooleanSupplier hasBeenReady) {
        this.assembly = assembly;
        this.bound = settings.managementAddress();
        this.state = state;
        this.hasBeenReady = hasBeenReady;
        assembly.page("Health", "management", "/health");
        assembly.page("Uses", "management", "/uses");
        assembly.management().keySet().forEach(path -> assembly.page(title(path), "management", path));
        var handlers = handlers();
        this.server = bind();
        server.setExecutor(executor);
        server.createContext("/", exchange -> serve(exchange, handlers));
        assembly.readiness(() -> readiness(check()) != Status.DOWN);
    }

    void start() {
        server.start();
    }

    URI address() {
        return bound.uri("http", server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private HttpServer bind() {
        try {
            return HttpServer.create(bound.socket(), 64);
        } catch (IOException e) {
            throw bound.taken(String.valueOf(e.getMessage()), e);
        }
    }

    /// `/metrics` is Metrics.
    private static String title(String path) {
        return path.substring(1, 2).toUpperCase(Locale.ROOT) + path.substring(2);
    }

    private Map<String, HttpHandler> handlers() {
        var handlers = new HashMap<String, HttpHandler>();
        handlers.put("/health/live", exchange -> answer(exchange, Status.UP, Map.of()));
        handlers.put(
                "/health/started",
                exchange -> answer(exchange, hasBeenReady.getAsBoolean() ? Status.UP : Status.DOWN, Map.of()));
        handlers.put("/health/ready", exchange -> {
            var dependencies = check();
            answer(exchange, readiness(dependencies), dependencies);
        });
        handlers.put("/health", exchange -> {
            var dependencies = check();
            answer(exchange, status(dependencies), dependencies);
        });
        handlers.put("/uses", exchange -> answer(exchange, 200, uses()));
        var home = assembly.home();
        handlers.put("/", exchange -> home(exchange, home));
        assembly.management().forEach((path, handler) -> {
            if (handlers.putIfAbsent(path, handler) != null) {
                throw new IllegalArgumentException(path + " is served already");
            }
        });
        return handlers;
    }

    /// By the path as it is written: what somebody in front lets through is what is served.
    private static void serve(HttpExchange exchange, Map<String, HttpHandler> handlers) throws IOException {
        var handler = handlers.get(exchange.getRequestURI().getRawPath());
        if (handler == null) {
            refuse(exchange, 404);
        } else if (METHODS.contains(exchange.getRequestMethod())) {
            handler.handle(exchange);
        } else {
            exchange.getResponseHeaders().set("Allow", String.join(", ", METHODS));
            refuse(exchange, 405);
        }
    }

    private static void refuse(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static void home(HttpExchange exchange, HomePage home) throws IOException {
        var accept = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
        var answer = home.answer("management", String.join(",", accept));
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, 200, answer.body());
    }

    private void answer(HttpExchange exchange, Status status, Map<String, Health> dependencies) throws IOException {
        answer(exchange, status.code(), json(status, dependencies));
    }

    private Status readiness(Map<String, Health> dependencies) {
        return state.get() == State.READY ? status(dependencies) : Status.DOWN;
    }

    private Status status(Map<String, Health> dependencies) {
        var worst = Status.UP;
        for (var dependency : dependencies.entrySet()) {
            if (dependency.getValue() instanceof Health.Down) {
                if (assembly.isRequired(dependency.getKey())) {
                    return Status.DOWN;
                }
                worst = Status.DEGRADED;
            }
        }
        return worst;
    }

    /// All checks at once, each within its time.
    private Map<String, Health> check() {
        var names = assembly.checks().keySet().stream().toList();
        var tasks = assembly.checks().values().stream()
                .<Callable<Health>>map(check -> check::check)
                .toList();
        var results = new LinkedHashMap<String, Health>();
        try {
            var futures = executor.invokeAll(tasks, CHECK_SECONDS, TimeUnit.SECONDS);
            for (var i = 0; i < names.size(); i++) {
                var future = futures.get(i);
                results.put(
                        names.get(i),
                        future.isCancelled()
                                ? new Health.Down("no answer within " + CHECK_SECONDS + " s")
                                : result(future::get));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            names.forEach(name -> results.put(name, new Health.Down("interrupted")));
            return results;
        }
        assembly.found(results);
        return results;
    }

    private static Health result(Callable<Health> finished) {
        try {
            return finished.call();
        } catch (Exception e) {
            var cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            return new Health.Down(cause.getClass().getSimpleName());
        }
    }

    private String uses() {
        return assembly.uses().stream().map(Use::json).collect(Collectors.joining(",", "[", "]\n"));
    }

    private static void answer(HttpExchange exchange, int code, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, code, json);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
        }
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private String json(Status overall, Map<String, Health> dependencies) {
        var parts = new StringBuilder("{\"service\":%s,\"status\":\"%s\",\"state\":\"%s\",\"dependencies\":{"
                .formatted(quoted(assembly.name()), written(overall), written(state.get())));
        var separator = "";
        for (var entry : dependencies.entrySet()) {
            var status = entry.getValue() instanceof Health.Up ? "up" : "down";
            parts.append("%s%s:{\"status\":\"%s\",%s\"detail\":%s}"
                    .formatted(
                            separator,
                            quoted(entry.getKey()),
                            status,
                            assembly.isRequired(entry.getKey()) ? "" : "\"required\":false,",
                            quoted(entry.getValue().detail())));
            separator = ",";
        }
        return parts.append("}}\n").toString();
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append("\\u").append(HexFormat.of().toHexDigits((char) c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
