package dev.slipway.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// What a service is asked in its training: everything that its OpenAPI files say can be read, by callers with tokens,
/// often enough for the JVM to learn which code is hot. Nothing is written, so lists are empty and things are not found.
final class Practice {
    private static final int HIGHEST_VERSION = 9;
    /// Each has a rate limit of its own.
    private static final int CALLERS = 21;
    /// Keeps two cores busy.
    private static final int AT_ONCE = 4;
    private static final Duration ENOUGH = Duration.ofSeconds(6);
    private static final String ANY_KEY = "01980000-0000-7000-8000-000000000000";

    private final JsonMapper json = new JsonMapper();
    private final HttpClient client;
    private final URI service;
    private final Duration patience;
    private final List<String> tokens;

    /// @param service where it serves REST
    /// @param patience for each answer
    Practice(HttpClient client, URI service, Duration patience) {
        this.client = client;
        this.service = service;
        this.patience = patience;
        var now = Instant.now();
        this.tokens = IntStream.range(0, CALLERS)
                .mapToObj(i -> DevelopmentTokens.token("trainee-" + i, List.of("admin"), now))
                .toList();
    }

    /// Asks for each in turn, some at once, for a few seconds.
    void run() throws InterruptedException {
        var paths = paths();
        if (paths.isEmpty()) {
            return;
        }
        var end = System.nanoTime() + ENOUGH.toNanos();
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var asking = IntStream.range(0, AT_ONCE)
                    .mapToObj(first -> askers.submit(() -> {
                        for (var i = first; System.nanoTime() - end < 0; i += AT_ONCE) {
                            get(paths.get(i % paths.size()), tokens.get(i % CALLERS));
                        }
                        return null;
                    }))
                    .toList();
            for (var asker : asking) {
                asker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a path cannot be asked for", e.getCause());
        }
    }

    /// What can be read without knowing anything; a key stands for something that is not there.
    private List<String> paths() throws InterruptedException {
        var paths = new ArrayList<String>();
        for (var version = 1; version <= HIGHEST_VERSION; version++) {
            var api = get("/openapi/v" + version + ".json", tokens.getFirst());
            for (var path : api.path("paths").properties()) {
                var read = path.getValue().path("get");
                if (read.isObject() && !isStream(read) && !needsMore(read)) {
                    paths.add(path.getKey().replaceAll("\\{[^}]*}", ANY_KEY));
                }
            }
        }
        return paths;
    }

    private static boolean isStream(JsonNode read) {
        return read.at("/responses/200/content").has("text/event-stream");
    }

    private static boolean needsMore(JsonNode read) {
        for (var parameter : read.path("parameters")) {
            if (!parameter.path("in").asText().equals("path")
                    && parameter.path("required").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private JsonNode get(String path, String token) throws InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve(path))
                .header("Authorization", "Bearer " + token)
                .timeout(patience)
                .build();
        try {
            var answer = client.send(request, BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? json.readTree(answer.body()) : json.missingNode();
        } catch (IOException e) {
            return json.missingNode();
        }
    }
}
