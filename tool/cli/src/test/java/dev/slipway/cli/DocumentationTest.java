package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the documents show is what the sources say.
class DocumentationTest {
    private static final Path HOME = Path.of("..", "..");
    private static final Pattern QUOTED = Pattern.compile("<!-- from (\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

    static Stream<Path> documents() throws IOException {
        try (var root = Files.list(HOME);
                var docs = Files.walk(HOME.resolve("docs"))) {
            return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @Test
    void code_in_the_readme_is_taken_from_sources_that_are_tested() throws IOException {
        var quotes = QUOTED.matcher(Files.readString(HOME.resolve("README.md")))
                .results()
                .toList();

        assertThat(quotes).isNotEmpty();
        for (var quote : quotes) {
            assertThat(Files.readString(HOME.resolve(quote.group(1)))).contains(quote.group(2));
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_to_files_lead_somewhere(Path document) throws IOException {
        LINK.matcher(Files.readString(document))
                .results()
                .map(link -> link.group(1))
                .forEach(target -> assertThat(document.resolveSibling(target))
                        .as("%s in %s", target, document)
                        .exists());
    }
}
