package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.notes.NoteApp;
import dev.slipway.testing.tags.TagApp;
import dev.slipway.testkit.Await;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Nothing is static: services and copies of one share a JVM, and nothing else.
class SideBySideTest {

    @Test
    void two_services_and_two_copies_of_one_run_side_by_side() {
        try (var notes = TestService.of(new NoteApp()).start();
                var tags = TestService.of(new TagApp()).start()) {
            try (var copy = TestService.of(new NoteApp())
                    .with("http.max-body-size", "50B")
                    .start()) {
                eachIsForItself(notes, copy, tags);
            }
            notes.as("ada").get("/v1/notes").expect(200);
            tags.management().get("/health/ready").expect(200);
        }
    }

    private static void eachIsForItself(TestService notes, TestService copy, TestService tags) {
        assertThat(Stream.of(notes, copy, tags)
                        .flatMap(service -> Stream.of(service.address("http"), service.address("management"))))
                .doesNotHaveDuplicates();

        var note = "{\"name\": \"only here\", \"text\": \"and not in the copy\"}";
        notes.as("ada", "writer").post("/v1/notes", note).expect(201);
        copy.as("ada", "writer").post("/v1/notes", note).expectProblem(413, "body-too-large");
        tags.as("ada").post("/v1/tags", "{\"name\": \"red\"}").expect(201);

        notes.as("ada").get("/v1/notes").expectText("/items/0/name", "only here");
        copy.as("ada").get("/v1/notes").expect(200).expectText("/items/0/name", "");
        tags.anonymous().get("/v1/tags").expectText("/names/0", "red").expectText("/names/1", "");
        notes.as("ada").get("/v1/tags").expectProblem(404, "not-found");

        Await.until("each has counted its own answer", () -> counted(notes, "201") && counted(copy, "413"));
        assertThat(counted(notes, "413")).isFalse();
        assertThat(counted(copy, "201")).isFalse();
        assertThat(metrics(tags)).doesNotContain("path=\"/v1/notes\"");
    }

    private static boolean counted(TestService service, String status) {
        var one = "http_server_requests_seconds_count{method=\"POST\",path=\"/v1/notes\",service=\"note-service\","
                + "status=\"" + status + "\"} 1";
        return metrics(service).lines().anyMatch(one::equals);
    }

    private static String metrics(TestService service) {
        return service.management().get("/metrics").expect(200).body();
    }
}
