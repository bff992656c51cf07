package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps a generated description under version control: the file equals what the service says of itself, or the test
/// fails; `-Dapi.update` writes the file anew.
///
/// JSON is compared as such: the order of the members of an object does not count.
public final class ApiFile {
    private ApiFile() {}

    public static void matches(Path file, String current) {
        try {
            if (System.getProperty("api.update") != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, current);
            }
            var kept = Files.exists(file) ? Files.readString(file) : "";
            if (!isSameJson(kept, current)) {
                assertThat(kept)
                        .as("%s is not what the service serves; run the tests with -Dapi.update and commit it", file)
                        .isEqualTo(current);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSameJson(String left, String right) {
        try {
            var json = new JsonMapper();
            return json.readTree(left).equals(json.readTree(right));
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
