package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaksTest {

    private static final Path REPOSITORY = Path.of("..", "..");

    @Test
    void a_render_of_the_fixture_leaves_nothing() {
        Bundle mini = Fixtures.mini();
        assertThat(Lint.check(mini)).isEmpty();
        assertThat(Leaks.find(odd(mini), mini))
                .extracting(Object::toString)
                // A binary file is not rewritten, which is what the leak test is to find.
                .containsExactly("docs/logo.png:1: widget");
    }

    @Test
    void a_planted_leak_is_found_in_path_and_content_whatever_its_case() {
        Bundle mini = Fixtures.mini();
        var files = new TreeMap<String, Tree.File>();
        files.put("a/MyWIDGETS", file("x"));
        files.put("b", file("ok\nxMiniAppx\nport 8180, not 18180\n"));
        files.put("dev/slipway/template/minix", file(""));
        assertThat(Leaks.find(new Tree(files), mini))
                .extracting(Object::toString)
                .containsExactly(
                        "a/MyWIDGETS: WIDGETS",
                        "b:2: MiniApp",
                        "b:3: 8180",
                        "dev/slipway/template/minix: dev/slipway/template/mini");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "product", "base"})
    void the_templates_of_this_repository_are_sound_and_leave_nothing(String id) {
        Bundle template = ofThisRepository(id);
        assertThat(Lint.check(template)).isEmpty();
        assertThat(Leaks.find(odd(template), template)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "product", "base"})
    void a_template_rendered_with_its_own_names_is_itself(String id) {
        Bundle template = ofThisRepository(id);
        var identity = template.manifest().identity();
        var own = new Request(
                identity.artifact(),
                Optional.of(identity.groupId()),
                Optional.of(identity.packageName()),
                template.manifest().resource().map(token -> token.name() + ":" + token.plural()),
                OptionalInt.empty(),
                Optional.of(List.copyOf(template.manifest().features().sequencedKeySet())),
                List.of());
        Tree tree = Renderer.render(template, Answers.of(template, own));
        assertThat(tree.paths().stream()
                        .filter(file -> !file.contains(
                                Words.ofKebab(identity.artifact()).pascal())))
                .hasSizeGreaterThan(5);
    }

    @Test
    void lint_finds_what_is_declared_without_effect() {
        var bundle = Fixtures.bundle(
                Fixtures.MANIFEST + """
                        features:
                          kafka: {paths: ["nowhere/**"]}
                        ownership: {managed: ["Dockerfile"]}
                        literals: [{in: pom.xml, from: abc, to: d}]
                        """,
                Map.of(
                        "pom.xml",
                                "dev.slipway.template.tiny tiny-service TINY_SERVICE_\n<!-- slipway:kafak -->\n<!-- slipway:end -->\n",
                        "src/Other.java", "// slipway:kafka\n",
                        "many.yaml", "# slipway:kafka\n# slipway:end\n".repeat(Lint.MOST_REGIONS)));
        assertThat(Lint.check(bundle))
                .extracting(Problem::what)
                .contains(
                        "identity.app 'TinyApp' occurs in no file",
                        "features.kafka: 'nowhere/**' matches no file",
                        "ownership.managed: 'Dockerfile' matches no file",
                        "literals: pom.xml does not contain 'abc'",
                        "pom.xml: region of an unknown feature 'kafak'",
                        "src/Other.java: regions are allowed in the POM, documents, the settings, the Dockerfile and the composition root only",
                        "src/Other.java: a region 'kafka' is not closed",
                        "there are 42 regions, more than 40")
                .hasSize(8);
    }

    @Test
    void what_stays_may_not_use_what_can_be_left_out() {
        var manifest = Fixtures.MANIFEST + """
                features:
                  kafka: {paths: ["src/main/java/**/Topics.java"], packages: [dev.slipway.kafka]}
                  saga: {paths: ["src/main/java/**/Saga.java"], requires: [kafka]}
                """;
        Map<String, String> files = new TreeMap<>(Map.of(
                "pom.xml", "dev.slipway.template.tiny tiny-service TINY_SERVICE_",
                "src/main/java/TinyApp.java", "class TinyApp { Topics topics; Saga saga; OrderApi orders; }",
                "src/main/java/Topics.java", "import dev.slipway.kafka.Topic;\n\nclass Topics { Topic topic; }",
                "src/main/java/OrderApi.java", "class OrderApi { void topics(Topics topics) {} }",
                "src/main/java/Saga.java", "class Saga { Topics topics; }"));
        assertThat(Lint.check(Fixtures.bundle(manifest, files))).isEmpty();

        files.put("src/main/java/Stock.java", "class Stock { /* Saga */ Topics topics; }");
        files.put("src/main/java/Price.java", "import dev.slipway.kafka.Topic;\n\nclass Price extends Topic {}");
        files.put("src/main/java/Topics.java", "class Topics { Saga saga; }");
        assertThat(Lint.check(Fixtures.bundle(manifest, files)))
                .extracting(Problem::what)
                .containsExactlyInAnyOrder(
                        "src/main/java/Stock.java uses what goes with the feature 'kafka'",
                        "src/main/java/Price.java uses what goes with the feature 'kafka'",
                        "src/main/java/Topics.java uses what goes with the feature 'saga'");
    }

    private static Bundle ofThisRepository(String id) {
        assumeThat(REPOSITORY.resolve(Catalogue.FILE))
                .as("the catalogue is there")
                .exists();
        return Catalogue.of(REPOSITORY).find(id).load();
    }

    private static Tree odd(Bundle template) {
        Answers answers = Answers.of(template, Leaks.oddRequest(template.manifest()));
        Tree tree = Renderer.render(template, answers);
        var listing =
                new Catalogue.Listing("odd", Path.of("odd"), "dev.slipway:odd-template", "0.1.0", Optional.empty());
        return Lock.add(tree, listing, template, answers, Optional.empty());
    }

    private static Tree.File file(String text) {
        return new Tree.File(Content.of(text), false, "x", Ownership.MERGED);
    }
}
