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
        assertThatThrownBy(() -> SettingsFile.matchesChassis(file, new TagApp()))
                .hasMessageContaining("-Dapi.update");

        Files.writeString(file, SettingsFile.CHASSIS + reference);
        assertThatCode(() -> SettingsFile.matchesChassis(file, new TagApp())).doesNotThrowAnyException();

        Files.writeString(file, SettingsFile.CHASSIS + reference.replace("`http.port`", "`http.ports`"));
        assertThatThrownBy(() -> SettingsFile.matchesChassis(file, new TagApp()))
                .hasMessageContaining("http.ports");
    }

    @Test
    void the_file_of_a_service_says_nothing_of_what_the_chassis_alone_decides() throws IOException {
        var file = folder.resolve("settings.md");
        assertThat(Slipway.ownReference(new TagApp())).doesNotContain("`http.max-body-size`");

        Files.writeString(file, SettingsFile.OPENING + Slipway.ownReference(new TagApp()));

        assertThatCode(() -> SettingsFile.matches(file, new TagApp())).doesNotThrowAnyException();
    }
}
