package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class ApiFileTest {
    private static final String READABLE = "{\"get\": {\"responses\": {\"200\": {\"description\": \"OK\"}}}}";

    @TempDir
    private Path folder;

    @Test
    void a_file_that_says_what_is_served_passes() throws Exception {
        var file = Files.writeString(folder.resolve("openapi.json"), "{}");

        ApiFile.matches(file, "{}");
    }

    @Test
    void a_file_that_says_something_else_fails_and_stays() throws Exception {
        var file = Files.writeString(folder.resolve("openapi.json"), "{\"old\": true}");

        assertThatThrownBy(() -> ApiFile.matches(file, "{\"new\": true}"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(file + " is not what the service serves; run the tests with -Dapi.update")
                .hasMessageContaining("{\"old\": true}")
                .hasMessageContaining("{\"new\": true}");
        assertThat(file).hasContent("{\"old\": true}");
    }

    @Test
    void a_file_that_is_missing_fails() {
        assertThatThrownBy(() -> ApiFile.matches(folder.resolve("openapi.json"), "{}"))
                .hasMessageContaining("run the tests with -Dapi.update and commit it");
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void an_update_writes_the_file_and_its_folder() {
        var file = folder.resolve("api").resolve("openapi.json");
        System.setProperty("api.update", "");
        try {
            ApiFile.matches(file, "{\"new\": true}");
        } finally {
            System.clearProperty("api.update");
        }

        assertThat(file).hasContent("{\"new\": true}");
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void an_update_takes_what_grows_and_refuses_what_breaks_clients() throws Exception {
        var small = document("\"/v1/ships\": " + READABLE);
        var grown = document("\"/v1/ships\": " + READABLE + ", \"/v1/ports\": " + READABLE);
        var file = Files.writeString(folder.resolve("openapi-v1.json"), small);
        System.setProperty("api.update", "");
        try {
            ApiFile.matches(file, grown);
            assertThat(file).hasContent(grown);
            assertThatThrownBy(() -> ApiFile.matches(file, small))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("make a new version")
                    .hasMessageContaining("GET /v1/ports: the operation is gone");
            assertThat(file).hasContent(grown);
            Files.delete(file);
            ApiFile.matches(file, small);
            assertThat(file).hasContent(small);
        } finally {
            System.clearProperty("api.update");
        }
    }

    private static String document(String paths) {
        return "{\"openapi\": \"3.1.1\", \"paths\": {" + paths + "}}";
    }
}
