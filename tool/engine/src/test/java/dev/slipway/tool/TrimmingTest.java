package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrimmingTest {

    private static final String APP = """
            package a;

            import a.x.Rest;
            import dev.g.GraphQl;
            import dev.g.settings.GraphQlSettings;
            import io.grpc.Grpc;

            /// Serves by REST; mentions GraphQl in prose.
            public final class App implements Definition<App.Settings> {
                public record Settings(
                        @Named("GraphQl") PlatformSettings platform,
                        // the next one
                        Grpc.Settings grpc,
                        Map<String, GraphQlSettings> graphql,
                        HttpSettings http) {}

                private final GraphQl field = GraphQl.none();

                void assemble(Assembly service, Settings settings) {
                    var platform = Platform.open(service);

                    // GraphQL is mounted on REST,
                    // so it is made first.
                    var graphql = GraphQl.open(platform, settings.graphql()).graph(Graph.of(x -> {
                        return x;
                    }));
                    Rest.open(platform, settings.http())
                            .mount(graphql::mount) // stays a comment
                            .routes(Routes.of(platform));
                    // About gRPC.

                    Grpc.open(platform).services(of("GraphQl; }"));
                    if (graphql.on()) {
                        say("{");
                    } else {
                        say("}");
                    }
                }

                @Named
                private static void say(GraphQl graphql) {
                    field.use();
                }

                List<Object> all() {
                    return List.of(new Rest(), new Grpc(1, 2), this.graphql());
                }
            }
            """;

    @Test
    void what_uses_a_missing_type_goes_and_nothing_else() {
        assertThat(Trimming.without(APP, Set.of("dev.g"), Set.of("Graph"))).isEqualTo("""
                package a;

                import a.x.Rest;
                import io.grpc.Grpc;

                /// Serves by REST; mentions GraphQl in prose.
                public final class App implements Definition<App.Settings> {
                    public record Settings(
                            @Named("GraphQl") PlatformSettings platform,
                            // the next one
                            Grpc.Settings grpc,
                            HttpSettings http) {}

                    void assemble(Assembly service, Settings settings) {
                        var platform = Platform.open(service);
                        Rest.open(platform, settings.http()) // stays a comment
                                .routes(Routes.of(platform));
                        // About gRPC.

                        Grpc.open(platform).services(of("GraphQl; }"));
                    }

                    List<Object> all() {
                        return List.of(new Rest(), new Grpc(1, 2), this.graphql());
                    }
                }
                """);
    }

    @Test
    void several_features_go_together() {
        String lean = Trimming.without(APP, Set.of("dev.g", "io.grpc"), Set.of());
        assertThat(lean)
                .contains("PlatformSettings platform,\n            HttpSettings http) {}")
                .contains("// About gRPC.\n\n    }")
                .contains("return List.of(new Rest(), this.graphql());")
                .doesNotContain("Grpc.");
    }

    @Test
    void the_last_elements_take_the_comma_before_them_along() {
        for (String gone : List.of("B", "C")) {
            assertThat(Trimming.without("class A { record R(X x, B b, C c) {} }", Set.of(), Set.of("B", "C")))
                    .isEqualTo("class A { record R(X x) {} }");
            assertThat(Trimming.without("class A { Object o = List.of(new " + gone + "()); }", Set.of(), Set.of(gone)))
                    .isEqualTo("class A { Object o = List.of(); }");
        }
        assertThat(Trimming.without("class A { record R(B b, X x, C c) {} }", Set.of(), Set.of("B", "C")))
                .isEqualTo("class A { record R( X x) {} }");
    }

    @Test
    void an_imported_type_of_a_file_that_goes_is_missing_too() {
        assertThat(Trimming.without(
                        "import a.Gone;\nimport a.Gone.Inner;\nclass A {\n    Inner i;\n}\n", Set.of(), Set.of("Gone")))
                .isEqualTo("class A {\n}\n");
    }

    @Test
    void a_variable_is_missing_to_the_end_of_its_block_only() {
        assertThat(Trimming.without("""
                class A {
                    void a() {
                        var x = Gone.of();
                        use(x);
                    }
                    void b(int x) {
                        use(x);
                    }
                }
                """, Set.of(), Set.of("Gone"))).isEqualTo("""
                class A {
                    void a() {
                    }
                    void b(int x) {
                        use(x);
                    }
                }
                """);
    }

    @Test
    void a_type_that_is_built_on_what_is_missing_is_a_mistake_of_the_template() {
        assertThat(Fixtures.problems(() -> Trimming.without("class A extends Gone {}", Set.of(), Set.of("Gone"))))
                .singleElement()
                .asString()
                .contains("built on what can be left out: Gone");
    }

    @Test
    void a_file_that_uses_nothing_of_it_stays_as_it_is() {
        String text = "import a.B;\n\nclass Gone {\n  String s = \"Gon\";\n}\n";
        assertThat(Trimming.without(text, Set.of("c"), Set.of("Other"))).isSameAs(text);
        assertThat(Trimming.without(text, Set.of(), Set.of("Gone"))).isEqualTo(text);
    }
}
