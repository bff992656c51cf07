package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChassisTest {

    private static final String POM = """
            <parent>
              <artifactId>slipway-service-parent</artifactId>
              <version>0.1.0</version>
              <relativePath>.slipway/chassis/service</relativePath>
            </parent>
            <version>0.1.0</version>
            <url>file://${project.basedir}/.slipway/chassis/repository</url>
            """;

    @TempDir
    private Path repository;

    @BeforeEach
    void aRepository() throws IOException {
        write("slipway-parent", "0.1.0", "pom", "<version>0.1.0</version> <slipway.version>0.1.0</slipway.version> p");
        write("slipway-service-parent", "0.1.0", "pom", "<version>0.1.0</version> s");
        write("slipway-core", "0.1.0", "pom", "<version>0.1.0</version> <version>2.0</version>");
        write("slipway-core", "0.1.0", "jar", "core");
        write("slipway-core", "0.0.9", "jar", "older");
        Files.writeString(repository.resolve("dev/slipway/slipway-core/maven-metadata.xml"), "");
    }

    private void write(String artifact, String version, String kind, String text) throws IOException {
        Path folder = Files.createDirectories(repository.resolve("dev/slipway/" + artifact + "/" + version));
        Files.writeString(folder.resolve(artifact + "-" + version + "." + kind), text);
    }

    private static Tree project(String pom) {
        var files = new TreeMap<String, Tree.File>();
        files.put("pom.xml", new Tree.File(Content.of(pom), false, "pom.xml", Ownership.MERGED));
        return new Tree(files);
    }

    private static String text(Tree tree, String path) {
        return Fixtures.file(tree, path).content().toString();
    }

    @Test
    void a_project_carries_jars_and_poms_under_a_version_of_their_own() {
        Chassis chassis = Chassis.carried(repository, "0.1.0");
        String own = String.valueOf(chassis.forLock().get("version"));
        assertThat(own).matches("0\\.1\\.0-[0-9a-f]{12}");

        Tree tree = chassis.supply(project(POM));

        String core = ".slipway/chassis/repository/dev/slipway/slipway-core/" + own + "/slipway-core-" + own;
        String parents = ".slipway/chassis/repository/dev/slipway/slipway-";
        assertThat(tree.paths())
                .containsExactlyInAnyOrder(
                        "pom.xml",
                        core + ".jar",
                        core + ".jar.sha1",
                        core + ".pom",
                        core + ".pom.sha1",
                        parents + "parent/" + own + "/slipway-parent-" + own + ".pom",
                        parents + "parent/" + own + "/slipway-parent-" + own + ".pom.sha1",
                        parents + "service-parent/" + own + "/slipway-service-parent-" + own + ".pom",
                        parents + "service-parent/" + own + "/slipway-service-parent-" + own + ".pom.sha1",
                        ".slipway/chassis/parent/pom.xml",
                        ".slipway/chassis/service/pom.xml");
        assertThat(text(tree, core + ".pom")).isEqualTo("<version>" + own + "</version> <version>2.0</version>");
        assertThat(text(tree, core + ".jar")).isEqualTo("core");
        // sha1sum of "core"
        assertThat(text(tree, core + ".jar.sha1")).isEqualTo("94a0426e8d3203da5468ccf0c624f93cb37601e2");
        assertThat(text(tree, ".slipway/chassis/parent/pom.xml"))
                .isEqualTo("<version>" + own + "</version> <slipway.version>" + own + "</slipway.version> p");
        assertThat(text(tree, ".slipway/chassis/service/pom.xml")).endsWith(" s");
        assertThat(text(tree, "pom.xml"))
                .isEqualTo(POM.replaceFirst("0\\.1\\.0", own))
                .contains("<version>0.1.0</version>", "file://${project.basedir}/.slipway/chassis/repository");
    }

    @Test
    void another_state_of_the_chassis_is_another_version() throws IOException {
        var before = Chassis.carried(repository, "0.1.0").forLock();
        assertThat(Chassis.carried(repository, "0.1.0").forLock()).isEqualTo(before);
        write("slipway-core", "0.1.0", "jar", "mended");
        assertThat(Chassis.carried(repository, "0.1.0").forLock()).isNotEqualTo(before);
    }

    @Test
    void a_team_that_publishes_names_its_repository_and_nothing_is_carried() {
        Tree tree = Chassis.published("https://repo.example.com/releases").supply(project(POM));
        assertThat(tree.paths()).containsExactly("pom.xml");
        assertThat(text(tree, "pom.xml"))
                .contains("<version>0.1.0</version>\n  <relativePath/>", "<url>https://repo.example.com/releases</url>")
                .doesNotContain(".slipway");
    }

    @ParameterizedTest
    @ValueSource(strings = {"releases", "ftp://example.com", "https://a b", "https://</url><x>", "https://\"", ""})
    void what_is_no_url_reaches_no_pom(String url) {
        assertThat(Fixtures.problems(() -> Chassis.published(url)))
                .singleElement()
                .asString()
                .contains("is not the URL of a Maven repository");
    }

    @Test
    void a_project_that_does_not_ask_for_the_chassis_stays_as_it_is() {
        Tree project = project("<project/>");
        assertThat(Chassis.carried(repository, "0.1.0").supply(project)).isEqualTo(project);
        assertThat(Chassis.published("https://example.com").supply(project)).isEqualTo(project);
        assertThat(new Tree(new TreeMap<>()).asksForChassis()).isFalse();
    }

    @Test
    void a_chassis_that_was_not_built_is_asked_for() {
        assertThat(Fixtures.problems(() -> Chassis.carried(repository, "0.2.0")))
                .singleElement()
                .asString()
                .contains("the chassis 0.2.0 is not in");
        assertThat(Fixtures.problems(() -> Chassis.carried(repository.resolve("missing"), "0.1.0")))
                .hasSize(1);
    }

    @Test
    void the_lock_lists_what_is_carried() {
        Bundle template = Fixtures.bundle(Fixtures.MANIFEST, Map.of("pom.xml", POM));
        Answers answers = Answers.of(template, Request.named("shop"));
        var listing = new Catalogue.Listing("tiny", Path.of("t"), "dev.slipway:tiny", "1", Optional.empty());
        Chassis chassis = Chassis.carried(repository, "0.1.0");
        Tree tree = chassis.supply(Renderer.render(template, answers));
        assertThat(text(Lock.add(tree, listing, template, answers, Optional.of(chassis)), Lock.FILE))
                .contains("chassis:\n  version: 0.1.0-")
                .contains(
                        "  .slipway/chassis/service/pom.xml:\n    from: '{chassis}/dev/slipway/slipway-service-parent/");
    }
}
