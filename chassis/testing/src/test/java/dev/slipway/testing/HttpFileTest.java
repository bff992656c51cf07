package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.local.HttpExample;
import dev.slipway.testing.notes.NoteApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class HttpFileTest {
    private static final String CREATE = """
            @host = http://localhost:8080
            @token = ...

            ### Creates a note
            POST {{host}}/v1/notes
            Authorization: Bearer {{token}}
            Content-Type: application/json

            {"name": "first", "text": "one"}

            """;

    @RegisterExtension
    static final TestService service = TestService.of(new NoteApp());

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("requests.http"), text);
    }

    @Test
    void all_that_it_offers_is_sent() throws IOException {
        var replies = HttpFile.works(
                file(CREATE + "### Lists notes\nGET {{host}}/v1/notes?name=first\nAuthorization: Bearer {{token}}\n"),
                service,
                "writer");

        assertThat(replies).extracting(TestReply::status).containsExactly(201, 200);
        assertThat(replies.getLast().body()).contains("first");
    }

    @Test
    void headers_are_sent_and_what_was_made_is_known_by_its_id() throws IOException {
        var keyed = CREATE.replace("Content-Type", "Idempotency-Key: try-1\nContent-Type")
                .replace("first", "keyed");
        var replies = HttpFile.works(file(keyed + keyed.substring(keyed.indexOf("###")) + """
                        # A comment.
                        ### Creates a note about it
                        POST {{host}}/v1/notes
                        Authorization: Bearer {{token}}

                        {"name": "about", "text": "{{id}}"}
                        """), service, "writer");

        assertThat(replies).extracting(TestReply::status).containsExactly(201, 201, 201);
        assertThat(replies.get(1).body()).isEqualTo(replies.getFirst().body());
        assertThat(replies.getLast().text("/text")).isEqualTo(replies.getFirst().text("/id"));
    }

    @Test
    void a_request_that_is_refused_is_told() throws IOException {
        var file = file(CREATE.replace("/v1/notes", "/v1/nodes"));
        assertThatThrownBy(() -> HttpFile.works(file, service, "writer"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("POST /v1/nodes");
        var anonymous = file(CREATE.replace("Authorization: Bearer {{token}}\n", ""));
        assertThatThrownBy(() -> HttpFile.works(anonymous, service, "writer"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("401");
    }

    @Test
    void files_are_found_below_a_folder_that_is_a_link() throws IOException {
        var file = file(CREATE);
        var link = Files.createSymbolicLink(folder.resolve("link"), file.getParent());
        assertThat(HttpExample.files(link)).containsExactly(file.toRealPath());
        assertThat(HttpExample.files(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void a_file_without_a_request_or_with_one_that_cannot_be_read_is_wrong() throws IOException {
        var empty = file("@host = http://localhost:8080\n");
        assertThatThrownBy(() -> HttpFile.works(empty, service)).isInstanceOf(AssertionError.class);
        var other = file("### Elsewhere\nGET https://example.com\n");
        assertThatThrownBy(() -> HttpFile.works(other, service))
                .hasMessage("this is no request: GET https://example.com");
        assertThatThrownBy(() -> HttpFile.works(folder.resolve("missing"), service))
                .isInstanceOf(UncheckedIOException.class);
    }
}
