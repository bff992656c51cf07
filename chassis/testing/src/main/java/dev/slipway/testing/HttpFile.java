package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The requests that a service's `.http` file offers to try, as editors send them: each must be answered with 2xx.
///
/// Requests begin with `### title`; `{{host}}` is the service, `Authorization: Bearer {{token}}` a token.
public final class HttpFile {
    private static final Pattern BEGIN = Pattern.compile("(?m)^###.*$");
    private static final Pattern REQUEST = Pattern.compile("([A-Z]+) \\{\\{host}}(/\\S*)");
    private static final String TOKEN = "Authorization: Bearer {{token}}";

    private HttpFile() {}

    /// Sends all of them, in their order.
    ///
    /// @param roles of the token
    /// @return the answers
    public static List<TestReply> works(Path file, TestService service, String... roles) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        var replies = BEGIN.splitAsStream(text)
                .skip(1)
                .map(request -> send(request.strip(), service, roles))
                .toList();
        assertThat(replies).as("requests in " + file).isNotEmpty();
        return replies;
    }

    private static TestReply send(String request, TestService service, String... roles) {
        var parts = request.split("\\R\\R", 2);
        var lines = parts[0].lines().toList();
        var first = REQUEST.matcher(lines.getFirst());
        assertThat(first.matches()).as(lines.getFirst()).isTrue();
        var client = lines.contains(TOKEN) ? service.as("ada", roles) : service.anonymous();
        var reply = client.send(first.group(1), first.group(2), parts.length == 2 ? parts[1].strip() : "");
        assertThat(reply.status()).as(reply.toString()).isBetween(200, 299);
        return reply;
    }
}
