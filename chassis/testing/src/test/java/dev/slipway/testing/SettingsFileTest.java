package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Slipway;
import dev.slipway.testing.tags.TagApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void the_file_has_to_say_what_the_code_says() throws IOException {
        var file = folder.resolve("settings.md");
        var reference = Slipway.reference(new TagApp());
        assertThat(reference).contains("\n## service\n", "\n## http\n", "| `http.port` |");
        assertThatThrownBy(() -> SettingsFile.matches(file, new TagApp())).hasMessageContaining("-Dapi.update");

        Files.writeString(file, SettingsFile.OPENING + reference);
        assertThatCode(() -> SettingsFile.matches(file, new TagApp())).doesNotThrowAnyException();

        Files.writeString(file, SettingsFile.OPENING + reference.replace("`http.port`", "`http.ports`"));
        assertThatThrownBy(() -> SettingsFile.matches(file, new TagApp())).hasMessageContaining("http.ports");
    }

    @Test
    void a_section_that_is_a_features_stays_marked() {
        var current = """
                # Settings

                ## a

                | a |

                ## b

                | b |

                ## c

                | c |
                """;
        var kept = """
                # Settings
                <!-- slipway:bees -->

                ## b

                | old |
                <!-- slipway:end -->
                """;

        var marked = SettingsFile.marked(kept, current);

        assertThat(marked).isEqualTo("""
                        # Settings

                        ## a

                        | a |
                        <!-- slipway:bees -->

                        ## b

                        | b |
                        <!-- slipway:end -->

                        ## c

                        | c |
                        """);
        assertThat(marked.replaceAll("<!--.*-->\n", "")).isEqualTo(current);
        assertThat(SettingsFile.marked(marked, current)).isEqualTo(marked);
        assertThat(SettingsFile.marked("", current)).isEqualTo(current);
    }
}
