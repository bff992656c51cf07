package dev.slipway.discovery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import org.jspecify.annotations.Nullable;

/// HTTP calls to the instances of one service, each to the one that is picked, which learns how it did. Thread-safe.
///
/// An instance fails a call that it does not answer (in the request's time-out, so set one) and one that it answers
/// with a status from 500. What the caller interrupts counts neither way.
///
/// @param scheme `http` or `https`
public record HttpCalls(HttpClient client, String scheme, Targets targets) {
    private static final int SERVER_ERROR = 500;

    public HttpCalls {
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("not http or https: " + scheme);
        }
    }

    /// Sends a request that has no URI yet.
    ///
    /// @param path with the query, beginning with `/`
    /// @param body reads the whole answer; with one that returns before its end, such as an open stream, the call
    ///     counts as in flight until it returns only
    /// @throws NoInstanceException if no instance is known
    public <T> HttpResponse<T> send(String path, HttpRequest.Builder request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        return send(null, path, request, body);
    }

    /// The same to the instance of a key, by [Strategy#RING_HASH].
    public <T> HttpResponse<T> send(@Nullable String key, String path, HttpRequest.Builder request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path must begin with /");
        }
        try (var pick = targets.pick(key)) {
            var ready = request.uri(URI.create(scheme + "://" + pick.address() + path))
                    .build();
            try {
                var answer = client.send(ready, body);
                if (answer.statusCode() < SERVER_ERROR) {
                    pick.succeeded();
                } else {
                    pick.failed();
                }
                return answer;
            } catch (IOException e) {
                pick.failed();
                throw e;
            }
        }
    }
}
