package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaFileTest {
    private static final String KEPT = """
            type Query { book(id: ID!, full: Boolean): Book }
            type Book { title: String!  genre: Genre }
            enum Genre { FICTION SCIENCE }
            """;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: String!|",
                "title: String!|title: String",
                "id: ID!|id: ID!, must: Int!",
                ", full: Boolean|",
                "FICTION SCIENCE|FICTION",
                "book(id|volume(id",
                "genre: Genre|genre: Int"
            })
    void a_change_that_breaks_clients_is_found(String from, String to) {
        var changed = KEPT.replace(from, to == null ? "" : to);

        assertThat(SchemaFile.breakages(KEPT, changed)).isNotEmpty();
    }

    @Test
    void what_is_added_breaks_nobody_and_still_has_to_be_accepted() throws IOException {
        var file = folder.resolve("schema.graphqls");
        Files.writeString(file, KEPT);
        var grown = KEPT.replace("genre: Genre", "genre: Genre subtitle: String");

        assertThat(SchemaFile.breakages(KEPT, grown)).isEmpty();
        assertThatThrownBy(() -> SchemaFile.matches(file, grown)).hasMessageContaining("-Dapi.update");
        assertThatCode(() -> SchemaFile.matches(file, KEPT)).doesNotThrowAnyException();
        assertThatThrownBy(() -> SchemaFile.matches(file, KEPT.replace("title: String!", "")))
                .hasMessageContaining("breaks clients");
    }
}
