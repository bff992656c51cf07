package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.local.HttpExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// The requests that a service's `.http` file offers to try, as editors send them: each must be answered with 2xx, and by
/// GraphQL without a refusal.
///
/// `{{host}}` is the service, `{{token}}` a token, and `{{id}}` of what the requests before have made last.
public final class HttpFile {
    private final TestService service;
    private final String token;
    private String id = "";

    private HttpFile(TestService service, String... roles) {
        this.service = service;
        this.token = service.token("ada", List.of(roles));
    }

    /// Sends all of them, in their order.
    ///
    /// @param roles of the token
    /// @return the answers
    public static List<TestReply> works(Path file, TestService service, String... roles) {
        List<HttpExample> examples;
        try {
            examples = HttpExample.in(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        var sender = new HttpFile(service, roles);
        var replies = examples.stream().map(sender::send).toList();
        assertThat(replies).as("requests in " + file).isNotEmpty();
        return replies;
    }

    private TestReply send(HttpExample example) {
        var filled = example.with("token", token).with("id", id);
        var client = service.anonymous();
        for (var header : filled.headers().entrySet()) {
            // A client says itself what a body is.
            if (!header.getKey().equals("Content-Type")) {
                client = client.with(header.getKey(), header.getValue());
            }
        }
        var reply = client.send(filled.method(), filled.path(), filled.body());
        assertThat(reply.status()).as(reply.toString()).isBetween(200, 299);
        if (filled.path().equals("/graphql")) {
            assertThat(reply.body()).as(reply.toString()).doesNotContain("\"errors\"", "\"code\"");
        }
        var location = reply.header("Location");
        id = location.isEmpty() ? id : location.substring(location.lastIndexOf('/') + 1);
        return reply;
    }
}
