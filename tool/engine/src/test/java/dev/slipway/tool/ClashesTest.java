package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClashesTest {

    private static final String WIDGETS = "src/main/java/dev/slipway/template/tiny/widget/Widgets.java";
    private static final String IN_PACKAGE = "package dev.slipway.template.tiny.widget;\n\n";

    private static String rendered(String resource, String java) {
        var bundle = Fixtures.withWidget(Map.of(
                WIDGETS,
                IN_PACKAGE + java,
                WIDGETS.replace("Widgets", "Widget"),
                IN_PACKAGE + "record Widget(String name) {}\n"));
        var resourceFile =
                Renderer.render(bundle, Answers.of(bundle, Fixtures.request("shop", resource)))
                        .files()
                        .entrySet()
                        .stream()
                        .filter(file -> file.getValue().from().endsWith("{Resources}.java"))
                        .findFirst();
        return resourceFile.orElseThrow().getValue().content().toString().replaceFirst("package .*;\\n+", "");
    }

    @Test
    void a_type_that_is_imported_is_written_in_full_beside_a_resource_of_its_name() {
        assertThat(rendered("List", """
                        import java.util.List;
                        import java.util.Optional;
                        import org.jspecify.annotations.Nullable;

                        /// Many.
                        class Widgets {
                            List<Widget> all(@Nullable List<Widget> some, Optional<Widget> one) {
                                return List.of();
                            }
                        }
                        """)).isEqualTo("""
                        import java.util.Optional;
                        import org.jspecify.annotations.Nullable;

                        /// Many.
                        class Lists {
                            java.util.List<List> all(java.util.@Nullable List<List> some, Optional<List> one) {
                                return java.util.List.of();
                            }
                        }
                        """);
    }

    @Test
    void an_import_that_meets_no_resource_stays() {
        var java = """
                import java.util.List;

                class Widgets {
                    List<String> names;
                }
                """;
        assertThat(rendered("List", java)).isEqualTo(java.replace("Widgets", "Lists"));
    }

    @Test
    void a_type_of_java_lang_is_written_in_full_in_the_package_of_a_resource_of_its_name() {
        assertThat(rendered("String", "class Widgets { String name; String.Builder b; }\n"))
                .isEqualTo("class Strings { java.lang.String name; java.lang.String.Builder b; }\n");
    }

    @Test
    void the_resource_is_written_in_full_where_a_nested_type_has_its_name() {
        assertThat(rendered("Change", """
                        class Widgets {
                            sealed interface Change {}
                            record Changed(Widget widget) implements Change {}
                            Change change(Widget widget) { return new Changed(widget); }
                        }
                        """)).isEqualTo("""
                        class Changes {
                            sealed interface Change {}
                            record Changed(com.acme.shop.change.Change theChange) implements Change {}
                            Change change(com.acme.shop.change.Change theChange) { return new Changed(theChange); }
                        }
                        """.replace("theChange", "change"));
    }

    @Test
    void a_variable_that_would_be_another_s_or_a_keyword_gets_an_article() {
        var java = """
                class Widgets {
                    void page(Response page) { page.items().forEach(widget -> add(message(widget))); }
                    Widget widget(Row row) { return widgets.get(WIDGET); }
                }
                """;
        assertThat(rendered("Page", java)).isEqualTo("""
                class Pages {
                    void page(Response page) { page.items().forEach(thePage -> add(message(thePage))); }
                    Page thePage(Row row) { return pages.get(PAGE); }
                }
                """);
        assertThat(rendered("Case", java)).isEqualTo("""
                class Cases {
                    void page(Response page) { page.items().forEach(theCase -> add(message(theCase))); }
                    Case theCase(Row row) { return cases.get(CASE); }
                }
                """);
        assertThat(rendered("Reward", java))
                .contains("forEach(reward -> add(message(reward)))", "Reward reward(Row row)");
    }

    @Test
    void a_package_and_a_table_that_cannot_be_called_so_end_with_an_underscore() {
        assertThat(Fixtures.renamed("A.java", "import dev.slipway.template.tiny.widget.Widget;\n", "Case"))
                .isEqualTo("import com.acme.giftshop.case_.Case;\n");
        assertThat(Fixtures.renamed(
                        "a.sql", "create table widgets (widgets_id uuid, widget text); -- widgets", "Reference"))
                .isEqualTo("create table references_ (references_id uuid, reference text); -- references");
        assertThat(Fixtures.renamed("A.java", "\"select widget from widgets\"", "Order"))
                .isEqualTo("\"select order_ from orders\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Query    | a/s.graphqls | type Widget { id: ID }     | GraphQL itself has a type Query
            Int      | a/s.graphqls | type Widget { id: ID }     | GraphQL itself has a type Int
            PageInfo | a/s.graphqls | type PageInfo;type Widget | the template's GraphQL schema has a type PageInfo
            Page     | a/openapi-v1.json | "#/components/schemas/Widget" | the description of every API itself has a type Page
            Object   | a/openapi-v1.json | "#/components/schemas/Widget" | the description of every API itself has a type Object
            Problem  | a/openapi-v1.json | "#/components/schemas/Widget" "#/components/schemas/Problem" | the template's OpenAPI document has a type Problem
            Sort     | a/s.proto    | message Widget;enum Sort   | the template's proto files have a type Sort
            Change   | a/s.proto    | message Widget;message ChangeWidget;message ChangeChange | the template's proto files have a type ChangeChange
            """)
    void what_clients_see_is_refused_if_it_is_there_already(String resource, String file, String text, String why) {
        var bundle = Fixtures.withWidget(Map.of(file, text.replace(';', '\n')));
        assertThat(Fixtures.problems(
                        () -> Renderer.render(bundle, Answers.of(bundle, Fixtures.request("shop", resource)))))
                .containsExactly("resource '" + resource + "' cannot be used: " + why);
    }

    @Test
    void a_schema_that_names_its_roots_leaves_their_usual_names_free() {
        var bundle = Fixtures.withWidget(Map.of("a.graphqls", "schema {\n  query: Query\n}\ntype Widget {\n}\n"));
        assertThat(Renderer.render(bundle, Answers.of(bundle, Fixtures.request("shop", "Subscription")))
                        .paths())
                .isNotEmpty();
    }

    @Test
    void a_name_that_postgresql_would_cut_off_is_refused() {
        var bundle = Fixtures.withWidget(
                Map.of("a.sql", "create index widgets_by_something_that_is_called_at_some_length on widgets (id);"));
        assertThat(Fixtures.problems(() -> Renderer.render(
                        bundle, Answers.of(bundle, Fixtures.request("shop", "MaintenanceContractAttachment")))))
                .singleElement()
                .asString()
                .contains("PostgreSQL keeps 63 characters of a name", "maintenance_contract_attachments_by_");
    }
}
