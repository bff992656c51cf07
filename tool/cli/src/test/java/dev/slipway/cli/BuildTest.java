package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What all POMs of this repository keep to.
class BuildTest {
    private static final Path HOME = Path.of("..", "..");
    private static final Pattern EXECUTABLE = Pattern.compile("<executable>(.*?)</executable>");

    static Stream<Path> poms() throws IOException {
        try (var files = Files.walk(HOME)) {
            return files
                    .filter(file -> file.endsWith("pom.xml") && !file.toString().contains("/target/"))
                    .toList()
                    .stream();
        }
    }

    /// With `JAVA_HOME` at the wanted JDK there is no toolchain, and a plain `java` would be that of the PATH.
    @ParameterizedTest
    @MethodSource("poms")
    void programs_are_run_by_the_jdk_that_builds(Path pom) throws IOException {
        assertThat(EXECUTABLE.matcher(Files.readString(pom)).results().map(found -> found.group(1)))
                .allMatch("${slipway.java}"::equals);
    }
}
