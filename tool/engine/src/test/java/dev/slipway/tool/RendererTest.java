package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RendererTest {

    private static final Catalogue.Listing LISTING = new Catalogue.Listing(
            "mini", Fixtures.RESOURCES.resolve("template"), "dev.slipway:mini-template", "0.1.0", Optional.empty());

    private static Request giftCards() {
        return new Request(
                "gift-shop",
                Optional.of("com.acme"),
                Optional.empty(),
                Optional.of("GiftCard"),
                OptionalInt.of(9000),
                Optional.empty(),
                List.of());
    }

    private static Request invoices() {
        return new Request(
                "billing",
                Optional.empty(),
                Optional.of("org.acme.money.billing"),
                Optional.of("Invoice"),
                OptionalInt.empty(),
                Optional.empty(),
                List.of("audit", "kafka"));
    }

    /// The golden trees keep spec 1 renderable for ever; `-Dslipway.golden=write` writes them anew, for review.
    @ParameterizedTest
    @ValueSource(strings = {"gift-shop", "billing"})
    void the_render_is_the_golden_one(String name) throws IOException {
        var bundle = Fixtures.mini();
        var answers = Answers.of(bundle, name.equals("billing") ? invoices() : giftCards());
        Tree tree = Lock.add(Renderer.render(bundle, answers), LISTING, bundle, answers, Optional.empty());
        var shown = new StringBuilder();
        tree.files()
                .forEach((path, file) -> shown.append("==== ")
                        .append(path)
                        .append(file.executable() ? " (executable)\n" : "\n")
                        .append(file.content()
                                .text()
                                .orElse("(binary " + file.content().sha256() + ")\n")
                                .replace("\r", "\\r")));
        Path golden = Fixtures.RESOURCES.resolve("golden").resolve(name + ".txt");
        if ("write".equals(System.getProperty("slipway.golden"))) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, shown);
        }
        assertThat(shown).hasToString(Files.readString(golden));
    }

    @Test
    void the_same_input_gives_the_same_tree() {
        var bundle = Fixtures.mini();
        assertThat(Renderer.render(bundle, Answers.of(bundle, giftCards())))
                .isEqualTo(Renderer.render(Fixtures.mini(), Answers.of(bundle, giftCards())));
    }

    @Test
    void a_feature_that_is_off_takes_its_files_and_regions_along() {
        var bundle = Fixtures.mini();
        Tree tree = Renderer.render(bundle, Answers.of(bundle, invoices()));
        assertThat(tree.paths()).noneMatch(path -> path.contains("kafka") || path.contains("audit"));
        assertThat(Fixtures.file(tree, "pom.xml").content().toString())
                .doesNotContain("messaging")
                .doesNotContain("slipway:")
                .contains("<relativePath/>");
        assertThat(Fixtures.file(tree, "src/main/resources/application.yaml")
                        .content()
                        .toString())
                .doesNotContain("kafka");
    }

    @Test
    void binary_files_and_line_endings_stay_as_they_are() {
        var bundle = Fixtures.mini();
        Tree tree = Renderer.render(bundle, Answers.of(bundle, giftCards()));
        var logo = bundle.entries().stream()
                .filter(entry -> entry.path().equals("docs/logo.png"))
                .findFirst();
        assertThat(Fixtures.file(tree, "docs/logo.png").content())
                .isEqualTo(logo.orElseThrow().content());
        assertThat(Fixtures.file(tree, "docs/windows.txt").content().toString())
                .isEqualTo("crlf gift card\r\nGiftShopApp\r\n");
        assertThat(Fixtures.file(tree, "run").executable()).isTrue();
        assertThat(Fixtures.file(tree, "pom.xml").executable()).isFalse();
    }

    @Test
    void imports_are_sorted_again() {
        var before = """
                package a;

                import com.acme.giftshop.a.B;
                import dev.slipway.template.tiny.Z;
                import static dev.slipway.template.tiny.X.y;
                import com.acme.giftshop.a.B;

                class A {}
                """;
        var after = """
                package a;

                import static com.acme.giftshop.X.y;

                import com.acme.giftshop.Z;
                import com.acme.giftshop.a.B;

                class A {}
                """;
        assertThat(Fixtures.renamed("A.java", before, "Gift")).isEqualTo(after);
        assertThat(Fixtures.renamed("A.java", before.replace("\n", "\r\n"), "Gift"))
                .isEqualTo(after.replace("\n", "\r\n"));
        assertThat(Imports.sort("class A { String s = \"import x;\"; }"))
                .isEqualTo("class A { String s = \"import x;\"; }");
    }

    @Test
    void two_files_on_one_path_are_refused() {
        var bundle = Fixtures.withWidget(Map.of("a/Widget.txt", "", "a/Reward.txt", ""));
        assertThat(Fixtures.problems(
                        () -> Renderer.render(bundle, Answers.of(bundle, Fixtures.request("shop", "Reward")))))
                .containsExactly("two files would become 'a/Reward.txt'");
        var cased = Fixtures.withWidget(Map.of("a/Widget.txt", "", "a/reward.txt", ""));
        assertThat(Fixtures.problems(
                        () -> Renderer.render(cased, Answers.of(cased, Fixtures.request("shop", "Reward")))))
                .singleElement()
                .asString()
                .contains("differ only in case");
    }

    @Test
    void imports_go_with_the_regions_that_need_them() {
        String text = """
                import a.Graph;
                import a.Graphs;
                import a.Rest;
                import a.Unused;

                // slipway:graphql
                Graph graph;
                // slipway:end
                Rest rest = new Rest(Graphs.NONE);
                """;
        assertThat(Regions.apply("x/App.java", text, Set.of())).isEqualTo("""
                import a.Graphs;
                import a.Rest;
                import a.Unused;

                Rest rest = new Rest(Graphs.NONE);
                """);
        assertThat(Regions.apply("x/App.java", text, Set.of("graphql"))).contains("import a.Graph;");
    }

    @Test
    void regions_nest_and_must_be_paired() {
        String text = "1\n# slipway:a\n2\n  // slipway:b\n3\n<!-- slipway:end -->\n4\n# slipway:end\n5";
        assertThat(Regions.apply("x", text, Set.of("a", "b"))).isEqualTo("1\n2\n3\n4\n5");
        assertThat(Regions.apply("x", text, Set.of("a"))).isEqualTo("1\n2\n4\n5");
        assertThat(Regions.apply("x", text, Set.of("b"))).isEqualTo("1\n5");
        assertThat(Fixtures.problems(() -> Regions.apply("x", "# slipway:a\n", Set.of())))
                .hasSize(1);
        assertThat(Fixtures.problems(() -> Regions.apply("x", "# slipway:end\n", Set.of())))
                .hasSize(1);
    }

    @Test
    void patterns_match_like_a_shell() {
        assertThat(new Glob("src/*/java/**/kafka/**").matches("src/main/java/a/b/kafka/C.java"))
                .isTrue();
        assertThat(new Glob("src/**/kafka/*").matches("src/kafka/C.java")).isTrue();
        assertThat(new Glob("*.md").matches("docs/a.md")).isFalse();
        assertThat(new Glob("a?.md").matches("ab.md")).isTrue();
        assertThat(new Glob("a.md").matches("abmd")).isFalse();
    }
}
