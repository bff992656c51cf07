package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaFileTest {
    private static final String KEPT = """
            type Query { book(id: ID!, full: Boolean, first: Int = 5): Book  find(by: By): [Found!]! }
            interface Named { name: String! }
            type Book implements Named { name: String!  title: String!  genre: Genre  pages: [Int!] }
            type Author { name: String! }
            type Shelf { books: [Book!]! }
            union Found = Book | Author
            enum Genre { FICTION SCIENCE }
            input By { title: String!  genre: Genre }
            """;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: String!  genre: Genre  pages|genre: Genre  pages|field Book title was String! and is gone",
                "title: String!  genre: Genre  pages|title: String  genre: Genre  pages|field Book title was String! and is String",
                "id: ID!|id: ID!, must: Int!|argument Query book(must) is new and must be given: Int!",
                "full: Boolean|full: Boolean!|argument Query book(full) was Boolean and is Boolean!",
                ", full: Boolean||argument Query book(full) was Boolean and is gone",
                "first: Int = 5|first: Int = 6|argument Query book(first) was Int default 5 and is Int default 6",
                "first: Int = 5|first: Int|argument Query book(first) was Int default 5 and is Int",
                "FICTION SCIENCE|FICTION|value Genre SCIENCE was there and is gone",
                "book(id|volume(id|field Query book was Book and is gone",
                "genre: Genre  pages|genre: Int  pages|field Book genre was Genre and is Int",
                "pages: [Int!]|pages: [Int]|field Book pages was [Int!] and is [Int]",
                "pages: [Int!]|pages: Int|field Book pages was [Int!] and is Int",
                "Book implements Named|Book|implements Book Named was there and is gone",
                "'Book | Author'|Book|member Found Author was there and is gone",
                "input By { title: String!|input By { title: String!  more: Int!|input-field By more is new and must be given: Int!",
                "input By { title: String!|input By { title: Int!|input-field By title was String! and is Int!",
                "type Shelf|interface Shelf|type Shelf was there and is gone"
            })
    void a_change_that_breaks_clients_is_found(String from, String to, String finding) {
        var changed = KEPT.replace(from, to == null ? "" : to);

        assertThat(changed).isNotEqualTo(KEPT);
        assertThat(breakages(changed)).contains(finding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "genre: Genre  pages|genre: Genre!  subtitle: String  pages",
                "pages: [Int!]|pages: [Int!]!",
                "input By { title: String!|input By { title: String  more: Int",
                "id: ID!|id: ID!, may: Int, must: Int! = 1",
                "full: Boolean|full: Boolean = true",
                "FICTION SCIENCE|FICTION SCIENCE POETRY",
                "type Author { name|type Author implements Named { name",
                "type Author {|input New { must: Int! } type Author { of(new: New!): Int "
            })
    void what_is_added_breaks_nobody(String from, String to) {
        var changed = KEPT.replace(from, to);

        assertThat(changed).isNotEqualTo(KEPT);
        assertThat(breakages(changed)).isEmpty();
    }

    private static List<String> breakages(String changed) {
        return SchemaFile.broken(SchemaFile.surface(KEPT), SchemaFile.surface(changed));
    }

    @Test
    void the_surface_has_a_line_for_all_that_clients_may_name() {
        assertThat(SchemaFile.surface("""
                        type Query { book(id: ID! = "a b", by: By = {genre: [FICTION]}): [Book!]! }
                        scalar Long
                        "One."
                        type Book { "Two." pages: Long }
                        enum Genre { FICTION }
                        input By { genre: [Genre!] = [FICTION] }
                        """))
                .containsExactly(
                        "argument Query book(by) = By default {genre : [FICTION]}",
                        "argument Query book(id) = ID! default \"a b\"",
                        "enum Genre = there",
                        "field Book pages = Long",
                        "field Query book = [Book!]!",
                        "input By = there",
                        "input-field By genre = [Genre!] default [FICTION]",
                        "scalar Long = there",
                        "type Book = there",
                        "type Query = there",
                        "value Genre FICTION = there");
    }

    @Test
    void what_is_added_still_has_to_be_accepted() throws IOException {
        var file = folder.resolve("surface.lock");
        Files.writeString(file, String.join("\n", SchemaFile.surface(KEPT)));
        var grown = KEPT.replace("genre: Genre  pages", "genre: Genre subtitle: String  pages");

        assertThatThrownBy(() -> SchemaFile.matches(file, grown)).hasMessageContaining("-Dapi.update");
        assertThatCode(() -> SchemaFile.matches(file, KEPT)).doesNotThrowAnyException();
        assertThatThrownBy(() -> SchemaFile.matches(file, KEPT.replace("pages: [Int!]", "")))
                .hasMessageContaining("breaks clients");
    }
}
