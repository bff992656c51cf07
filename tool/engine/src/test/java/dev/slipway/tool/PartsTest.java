package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every project of a catalogue carries, in one place.
class PartsTest {

    private static final String PARTS = """
            spec: 1
            title: Common parts
            about: What every project carries
            identity:
              package: dev.slipway.template.parts
              groupId: dev.slipway.template
              artifact: parts-service
              app: PartsApp
              env: PARTS_SERVICE_
              port: 8080
            features:
              docker: {paths: ["Dockerfile"]}
              kafka: {whereDeclared: true, paths: ["topics.yaml"]}
            ownership: {managed: ["Dockerfile"], seeded: ["SECURITY.md"]}
            literals: [{in: pom.xml, from: "<relativePath>../..</relativePath>", to: "<relativePath/>"}]
            """;

    private static final Map<String, String> FILES = Map.of(
            "Dockerfile",
            "LABEL parts-service dev.slipway.template.parts.PartsApp PARTS_SERVICE_PORT\n# slipway:kafka\nTOPICS\n# slipway:end\nEXPOSE 8080\n",
            "SECURITY.md",
            "parts-service",
            "topics.yaml",
            "parts-service");

    private static final String TEMPLATE = Fixtures.MANIFEST + "  port: 8181\ninPlace: [run]\n";

    private static final Map<String, String> OWN = Map.of(
            "pom.xml",
            "tiny-service dev.slipway.template.tiny TinyApp TINY_SERVICE_ 8181 <relativePath>../..</relativePath>",
            "run",
            "exec ../parts/run");

    private static Bundle template(String manifest, Map<String, String> parts) {
        return Fixtures.bundle(manifest, OWN).including(Fixtures.bundle(PARTS, parts));
    }

    private static Tree render(Bundle template, Request request) {
        return Renderer.render(template, Answers.of(template, request));
    }

    @Test
    void a_project_carries_the_common_parts_under_its_own_names() {
        Bundle template = template(TEMPLATE, FILES);
        assertThat(Lint.check(template)).isEmpty();

        Tree tree = render(template, Request.named("gift-shop"));

        assertThat(tree.paths()).containsExactly("Dockerfile", "SECURITY.md", "pom.xml");
        assertThat(Fixtures.file(tree, "Dockerfile").content())
                .hasToString("LABEL gift-shop com.example.giftshop.GiftShopApp GIFT_SHOP_PORT\nEXPOSE 8181\n");
        assertThat(Fixtures.file(tree, "pom.xml").content().toString()).endsWith("<relativePath/>");
        assertThat(Leaks.find(render(template, Leaks.oddRequest(template.manifest())), template))
                .isEmpty();
    }

    @Test
    void a_leak_of_a_common_part_is_found() {
        Bundle template = template(TEMPLATE, FILES);
        var files = new TreeMap<String, Tree.File>();
        files.put("a", new Tree.File(Content.of("ThePartsAppX"), false, "a", Ownership.MERGED));
        assertThat(Leaks.find(new Tree(files), template))
                .extracting(Leaks.Leak::token)
                .containsExactly("PartsApp");
    }

    private static Request shop(OptionalInt port, List<String> without) {
        return new Request(
                "shop", Optional.empty(), Optional.empty(), Optional.empty(), port, Optional.empty(), without);
    }

    @Test
    void a_chosen_port_wins_over_that_of_the_template() {
        Bundle template = template(TEMPLATE, FILES);
        var request = shop(OptionalInt.of(9999), List.of());
        assertThat(Fixtures.file(render(template, request), "Dockerfile")
                        .content()
                        .toString())
                .contains("EXPOSE 9999");
    }

    @Test
    void features_of_common_parts_can_be_left_out_and_some_need_a_template_that_declares_them() {
        Bundle plain = template(TEMPLATE, FILES);
        var without = shop(OptionalInt.empty(), List.of("docker"));
        assertThat(render(plain, without).paths()).containsExactly("SECURITY.md", "pom.xml");

        Bundle events = template(TEMPLATE + "features: {kafka: {title: Events}}\n", FILES);
        Tree tree = render(events, Request.named("shop"));
        assertThat(tree.paths()).containsExactly("Dockerfile", "SECURITY.md", "pom.xml", "topics.yaml");
        assertThat(Fixtures.file(tree, "Dockerfile").content().toString()).contains("TOPICS\nEXPOSE");
    }

    @Test
    void the_lock_says_whose_each_part_is() {
        Bundle template = template(TEMPLATE, FILES);
        Answers answers = Answers.of(template, Request.named("shop"));
        var listing = new Catalogue.Listing("tiny", Path.of("t"), "dev.slipway:tiny", "1", Optional.empty());
        Tree tree = Lock.add(Renderer.render(template, answers), listing, template, answers, Optional.empty());
        assertThat(Fixtures.file(tree, Lock.FILE).content().toString())
                .contains("  Dockerfile:\n    from: '{parts}/Dockerfile'\n    ownership: managed\n")
                .contains("  SECURITY.md:\n    from: '{parts}/SECURITY.md'\n    ownership: seeded\n");
    }

    @Test
    void a_changed_part_makes_another_template() {
        var changed = new TreeMap<>(FILES);
        changed.put("SECURITY.md", "other");
        assertThat(template(TEMPLATE, changed).sha256())
                .isNotEqualTo(template(TEMPLATE, FILES).sha256());
        assertThat(template(TEMPLATE, FILES).sha256())
                .isNotEqualTo(Fixtures.bundle(TEMPLATE, OWN).sha256());
    }

    @Test
    void a_template_and_a_common_part_cannot_both_write_a_file() {
        Bundle template = template(Fixtures.MANIFEST, Map.of("run", "", "Dockerfile", "", "SECURITY.md", ""));
        assertThat(Fixtures.problems(() -> render(template, Request.named("shop"))))
                .containsExactly("two files would become 'run'");
    }

    /// Nothing else changes: neither a template nor a manifest.
    @Test
    void a_file_that_is_added_to_the_place_is_in_every_project(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve(Catalogue.FILE), """
                spec: 1
                group: g
                version: 1
                parts: parts
                templates: [{id: one, path: one}, {id: two, path: two}]
                """);
        for (String id : List.of("one", "two")) {
            Files.createDirectory(home.resolve(id));
            Files.writeString(home.resolve(id).resolve(Manifest.FILE), TEMPLATE);
            for (var file : OWN.entrySet()) {
                Files.writeString(home.resolve(id).resolve(file.getKey()), file.getValue());
            }
        }
        Path parts = Files.createDirectory(home.resolve("parts"));
        Files.writeString(parts.resolve(Manifest.FILE), PARTS);
        for (var file : FILES.entrySet()) {
            Files.writeString(parts.resolve(file.getKey()), file.getValue());
        }

        Files.createDirectories(parts.resolve("deploy"));
        Files.writeString(parts.resolve("deploy/parts-service.yaml"), "image: parts-service\n");

        for (String id : List.of("one", "two")) {
            Bundle template = Catalogue.of(home).find(id).load();
            assertThat(Lint.check(template)).isEmpty();
            assertThat(Fixtures.file(render(template, Request.named("shop")), "deploy/shop.yaml")
                            .content())
                    .hasToString("image: shop\n");
        }
    }
}
