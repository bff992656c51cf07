package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Speaks HTTP to a service, always with the same headers. Immutable and thread-safe.
public final class TestClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI base;
    private final List<String> headers;

    TestClient(HttpClient http, URI base, List<String> headers) {
        this.http = http;
        this.base = base;
        this.headers = List.copyOf(headers);
    }

    /// The same client with one more header.
    public TestClient with(String header, String value) {
        var more = new ArrayList<>(headers);
        more.add(header);
        more.add(value);
        return new TestClient(http, base, more);
    }

    public TestReply get(String path) {
        return send("GET", path, "");
    }

    /// @param json sent as it is, so that a test can send what is wrong
    public TestReply post(String path, String json) {
        return send("POST", path, json);
    }

    public TestReply put(String path, String json) {
        return send("PUT", path, json);
    }

    public TestReply patch(String path, String json) {
        return send("PATCH", path, json);
    }

    public TestReply delete(String path) {
        return send("DELETE", path, "");
    }

    TestReply send(String method, String path, String body) {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        }
        for (var i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        try {
            return new TestReply(method + " " + path, http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + path + " was interrupted", e);
        }
    }
}
