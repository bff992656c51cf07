package dev.slipway.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What a service is asked in its training, by callers with tokens, often enough for the JVM to learn which code is hot:
/// everything that its OpenAPI files say can be read, and what its `.http` files offer to try, which writes.
final class Practice {
    private static final int HIGHEST_VERSION = 9;
    /// Each has a rate limit of its own.
    private static final int CALLERS = 21;
    /// Keeps two cores busy.
    private static final int AT_ONCE = 4;
    private static final Duration ENOUGH = Duration.ofSeconds(6);
    private static final String ANY_KEY = "01980000-0000-7000-8000-000000000000";

    /// At the end of a text, or before the `@` of an address.
    private static final Pattern NUMBER = Pattern.compile("\\d+(?=\\\\?[\"@])");

    private final JsonMapper json = new JsonMapper();
    private final HttpClient client;
    private final URI service;
    private final Duration patience;
    private final List<HttpExample> examples;
    private final List<String> tokens;

    /// @param service where it serves REST
    /// @param patience for each answer
    /// @param examples of its `.http` file
    Practice(HttpClient client, URI service, Duration patience, List<HttpExample> examples) {
        this.client = client;
        this.service = service;
        this.patience = patience;
        this.examples = List.copyOf(examples);
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
            for (var round = 0; System.nanoTime() - end < 0 && !examples.isEmpty(); round++) {
                write(round);
            }
            for (var asker : asking) {
                asker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a path cannot be asked for", e.getCause());
        }
    }

    /// Sends the examples, every other time with a key that is new. What they make has another number in each round.
    private void write(int round) throws InterruptedException {
        var id = "";
        for (var example : examples) {
            var filled = example.with("token", tokens.get(round % CALLERS)).with("id", id);
            var body = NUMBER.matcher(filled.body()).replaceAll(String.valueOf(round));
            var request = HttpRequest.newBuilder(service.resolve(filled.path()))
                    .method(filled.method(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .timeout(patience);
            filled.headers().forEach((name, value) -> {
                if (!name.equals("Idempotency-Key")) {
                    request.header(name, value);
                } else if (round % 2 == 0) {
                    request.header(name, "round-" + round);
                }
            });
            try {
                id = client.send(request.build(), BodyHandlers.discarding())
                        .headers()
                        .firstValue("Location")
                        .map(location -> location.substring(location.lastIndexOf('/') + 1))
                        .orElse(id);
            } catch (IOException e) {
                return;
            }
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
