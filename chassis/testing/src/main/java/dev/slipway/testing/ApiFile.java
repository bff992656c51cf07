package dev.slipway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;

/// Keeps the OpenAPI document of a version under version control: the file equals what the service serves, or the test
/// fails and says first what would break clients; `-Dapi.update` writes the file anew.
///
/// A change that breaks clients is refused with `-Dapi.update` too: it belongs into a new version. If nobody uses the
/// version yet, delete its file. JSON is compared as such: the order of the members of an object does not count.
public final class ApiFile {
    private ApiFile() {}

    /// @param file for example `api/openapi-v1.json`
    /// @param current what the service serves
    public static void matches(Path file, String current) {
        KeptFile.guard(file, current, ApiFile::isSameJson, ApiChanges::breakages);
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
