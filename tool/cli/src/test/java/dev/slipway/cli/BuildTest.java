package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What all POMs of this repository keep to.
class BuildTest {
    private static final Path HOME = Path.of("..", "..");
    private static final Pattern EXECUTABLE = Pattern.compile("<executable>(.*?)</executable>");

    private static List<Path> poms() throws IOException {
        try (var files = Files.walk(HOME)) {
            return files.filter(
                            file -> file.endsWith("pom.xml") && !file.toString().contains("/target/"))
                    .toList();
        }
    }

    /// With `JAVA_HOME` at the wanted JDK there is no toolchain, and a plain `java` would be that of the PATH.
    @Test
    void programs_are_run_by_the_jdk_that_builds() throws IOException {
        var programs = new ArrayList<String>();
        for (var pom : poms()) {
            EXECUTABLE
                    .matcher(Files.readString(pom))
                    .results()
                    .forEach(found -> programs.add(found.group(1) + " in " + pom));
        }
        assertThat(programs).isNotEmpty().allMatch(program -> program.startsWith("${slipway.java} in "));
    }
}
