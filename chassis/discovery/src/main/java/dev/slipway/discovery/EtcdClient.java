package dev.slipway.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.Secret;
import dev.slipway.core.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What discovery needs of etcd, by the JSON gateway that etcd 3.4 and later serve beside gRPC. Thread-safe.
///
/// In this form of protobuf, bytes are Base64, 64-bit numbers are strings, and what is zero is missing.
///
/// [ADR 12](../../../../../../../../docs/adr/0012-discovery.md) says why no client library is used.
final class EtcdClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_BYTES = 8_000_000;
    private static final int UNAUTHENTICATED = 401;
    private static final int SERVER_ERROR = 500;
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// All values below a prefix at one revision.
    record Snapshot(long revision, Map<String, String> values) {}

    /// A key that was put, or deleted if the value is empty.
    record Change(long revision, String key, Optional<String> value) {}

    private final EtcdSettings settings;
    private final Time time;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    /// The member that answered last.
    private volatile int member;

    private volatile @Nullable String token;

    EtcdClient(EtcdSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
    }

    /// What the keys of one service begin with.
    String prefixOf(String service) {
        return settings.prefix() + service + "/";
    }

    /// How long a registrant that died stays registered.
    Duration lease() {
        return settings.lease();
    }

    /// @param most of these keys; more are left out
    Snapshot range(String prefix, int most) throws IOException, InterruptedException {
        var answer = call("kv/range", prefixed(prefix).put("limit", most));
        var values = new LinkedHashMap<String, String>();
        for (var entry : answer.path("kvs")) {
            values.put(text(entry.path("key")), text(entry.path("value")));
        }
        return new Snapshot(revision(answer), values);
    }

    void put(String key, String value, long lease) throws IOException, InterruptedException {
        call(
                "kv/put",
                JSON.createObjectNode()
                        .put("key", base64(key))
                        .put("value", base64(value))
                        .put("lease", lease));
    }

    /// @return the lease's id
    long grant(Duration lease) throws IOException, InterruptedException {
        return call("lease/grant", JSON.createObjectNode().put("TTL", lease.toSeconds()))
                .path("ID")
                .asLong();
    }

    /// @return false if the lease has expired
    boolean keepAlive(long lease) throws IOException, InterruptedException {
        var answer = call("lease/keepalive", JSON.createObjectNode().put("ID", lease));
        return answer.path("result").path("TTL").asLong() > 0;
    }

    /// @param limit for all members together, each of which gets its share
    void revoke(long lease, Duration limit) throws IOException, InterruptedException {
        var share = limit.dividedBy(settings.endpoints().size()).plusMillis(1);
        call("lease/revoke", JSON.createObjectNode().put("ID", lease), share);
    }

    /// Brings the changes below a prefix, from a revision on, and returns when the limit is over, or at once if etcd
    /// has forgotten that revision (compaction): then the caller must read everything again.
    ///
    /// A connection that has died without a word is not noticed before the limit.
    void watch(String prefix, long from, Duration limit, Consumer<Change> changes)
            throws IOException, InterruptedException {
        var request = JSON.createObjectNode();
        request.set("create_request", prefixed(prefix).put("start_revision", from));
        var answer = exchange("watch", request, PATIENCE);
        try (var stream = answer.body()) {
            if (answer.statusCode() != OK) {
                throw new IOException("etcd refuses to be watched: status " + answer.statusCode());
            }
            read(stream, limit, changes);
        }
    }

    private void read(InputStream stream, Duration limit, Consumer<Change> changes) throws IOException {
        var over = new AtomicBoolean();
        var timer = Thread.ofVirtual().start(() -> closeAfter(limit, stream, over));
        try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !bring(parse(line), changes)) {
                    return;
                }
            }
            throw new IOException("etcd ended the watch");
        } catch (IOException e) {
            if (!over.get()) {
                throw e;
            }
        } finally {
            timer.interrupt();
        }
    }

    private void closeAfter(Duration limit, InputStream stream, AtomicBoolean over) {
        try {
            time.await(new CountDownLatch(1), limit.toNanos());
            over.set(true);
            stream.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return false if the revision to begin with has been compacted
    private static boolean bring(JsonNode line, Consumer<Change> changes) throws IOException {
        var result = line.path("result");
        if (result.has("compact_revision")) {
            return false;
        }
        if (line.has("error") || result.path("canceled").asBoolean()) {
            throw new IOException("etcd ended the watch: " + Instance.printable(line.toString()));
        }
        for (var event : result.path("events")) {
            var entry = event.path("kv");
            var deleted = event.path("type").asText().equals("DELETE");
            var value = deleted ? Optional.<String>empty() : Optional.of(text(entry.path("value")));
            changes.accept(new Change(revision(result), text(entry.path("key")), value));
        }
        return true;
    }

    private JsonNode call(String method, ObjectNode request) throws IOException, InterruptedException {
        return call(method, request, PATIENCE);
    }

    /// @param patience with each member
    private JsonNode call(String method, ObjectNode request, Duration patience)
            throws IOException, InterruptedException {
        return result(exchange(method, request, patience), "etcd refuses " + method);
    }

    /// @param otherwise what to say of an answer that is a refusal
    private static JsonNode result(HttpResponse<InputStream> answer, String otherwise) throws IOException {
        try (var stream = answer.body()) {
            if (answer.statusCode() != OK) {
                throw new IOException("%s: %s %s".formatted(otherwise, answer.statusCode(), reason(stream)));
            }
            var text = text(stream);
            var body = parse(text);
            if (body.has("error")) {
                throw new IOException("%s: %s".formatted(otherwise, Instance.printable(text)));
            }
            return body;
        }
    }

    private static String text(InputStream stream) throws IOException {
        var bytes = stream.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("etcd answers more than " + MOST_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// What etcd says of a refusal, as far as it can be read: before 3.6 it ends with a trailer, which the client of the
    /// JDK takes for a broken end if it comes together with the text.
    private static String reason(InputStream stream) {
        try {
            return Instance.printable(text(stream));
        } catch (IOException e) {
            return "";
        }
    }

    /// Tokens expire, and a restarted member knows none.
    private HttpResponse<InputStream> exchange(String method, ObjectNode request, Duration patience)
            throws IOException, InterruptedException {
        if (settings.user().isEmpty()) {
            return send(method, request, patience, null);
        }
        var known = token;
        if (known != null) {
            var answer = send(method, request, patience, known);
            if (answer.statusCode() != UNAUTHENTICATED) {
                return answer;
            }
            answer.body().close();
        }
        var fresh = authenticate(patience);
        token = fresh;
        return send(method, request, patience, fresh);
    }

    private String authenticate(Duration patience) throws IOException, InterruptedException {
        var credentials = JSON.createObjectNode()
                .put("name", settings.user().orElseThrow())
                .put("password", settings.password().map(Secret::value).orElseThrow());
        return result(send("auth/authenticate", credentials, patience, null), "authentication failed")
                .path("token")
                .asText();
    }

    /// Asks one member after the other until one answers.
    private HttpResponse<InputStream> send(String method, ObjectNode request, Duration patience, @Nullable String as)
            throws IOException, InterruptedException {
        var members = settings.endpoints();
        var first = member;
        for (var attempt = 0; ; attempt++) {
            var asked = (first + attempt) % members.size();
            try {
                var answer = client.send(
                        request(members.get(asked), method, request, patience, as), BodyHandlers.ofInputStream());
                // A member that has lost its cluster answers 503.
                if (answer.statusCode() < SERVER_ERROR || attempt == members.size() - 1) {
                    member = asked;
                    return answer;
                }
                answer.body().close();
            } catch (IOException e) {
                if (attempt == members.size() - 1) {
                    member = (asked + 1) % members.size();
                    throw e;
                }
            }
        }
    }

    private static HttpRequest request(
            URI endpoint, String method, ObjectNode body, Duration patience, @Nullable String as) {
        var request = HttpRequest.newBuilder(endpoint.resolve("/v3/" + method))
                .timeout(patience)
                .POST(BodyPublishers.ofString(body.toString()));
        return as == null
                ? request.build()
                : request.header("Authorization", as).build();
    }

    /// All keys that begin with the prefix: up to the prefix with its last character one higher.
    private static ObjectNode prefixed(String prefix) {
        var last = prefix.length() - 1;
        var end = prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
        return JSON.createObjectNode().put("key", base64(prefix)).put("range_end", base64(end));
    }

    private static long revision(JsonNode answer) {
        return answer.path("header").path("revision").asLong();
    }

    private static JsonNode parse(String json) throws IOException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IOException("etcd answers what is no JSON: " + Instance.printable(json), e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asText()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
