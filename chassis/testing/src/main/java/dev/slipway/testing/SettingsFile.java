package dev.slipway.testing;

import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Keeps the reference of a service's settings under version control: the file lists every key as the code has it, or
/// the test fails; `-Dapi.update` writes the file anew.
///
/// A section that a template has marked as a feature's (`<!-- slipway:graphql -->` before its heading) stays marked.
public final class SettingsFile {
    static final String OPENING = """
            # Settings

            Written by `mvn verify -Dapi.update`, and compared with the code by each `mvn verify`. The default is what the
            service is delivered with; a setting without one is required, unless it is optional, a list or by name.
            """;

    private SettingsFile() {}

    /// @param file for example `docs/settings.md`
    public static void matches(Path file, ServiceDefinition<?> definition) {
        var current = OPENING + Slipway.reference(definition);
        KeptFile.guard(file, kept -> marked(kept, current), String::equals, (kept, now) -> List.of());
    }

    static String marked(String kept, String current) {
        var text = new StringBuilder();
        for (var section : current.split("(?=\n## )")) {
            var heading = section.lines().skip(1).findFirst().orElse("");
            var marker = Pattern.compile("(<!-- slipway:(?!end )[a-z0-9-]+ -->\n)\n" + Pattern.quote(heading) + "\n")
                    .matcher(kept);
            text.append(marker.find() ? marker.group(1) + section + "<!-- slipway:end -->\n" : section);
        }
        return text.toString();
    }
}
