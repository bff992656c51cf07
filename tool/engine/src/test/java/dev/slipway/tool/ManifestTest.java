package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {

    private static List<String> problems(String yaml) {
        return Fixtures.problems(() -> Manifest.read("t.yaml", yaml));
    }

    @Test
    void a_full_manifest_is_read() {
        var manifest = Fixtures.mini().manifest();
        assertThat(manifest.title()).isEqualTo("Mini service");
        assertThat(manifest.resource()).hasValue(new Manifest.ResourceToken("Widget", "widgets"));
        assertThat(manifest.features().sequencedKeySet()).containsExactly("kafka", "audit", "memory", "postgres");
        assertThat(manifest.standardFeatures()).containsExactly("kafka", "audit", "postgres");
        assertThat(manifest.renames())
                .singleElement()
                .extracting(Manifest.Rename::since)
                .isEqualTo("0.2.0");
        assertThat(manifest.ownershipOf("README.md")).isEqualTo(Ownership.SEEDED);
        assertThat(manifest.ownershipOf(".github/workflows/ci.yaml")).isEqualTo(Ownership.MANAGED);
        assertThat(manifest.ownershipOf("pom.xml")).isEqualTo(Ownership.MERGED);
    }

    @Test
    void all_mistakes_are_reported_at_once_with_their_lines() {
        assertThat(problems("""
                        spec: 2
                        titel: Tiny
                        about: x
                        identity:
                          package: tiny
                          groupId: dev.slipway.template
                          artifact: tiny
                          app: Tiny
                          env: TINY
                          title: tiny
                          port: 80
                          colour: red
                        features:
                          End: {requires: [kafak], default: maybe}
                          kafka: {paths: ["../x"]}
                        oneOf: {store: [kafka]}
                        literals: [{in: pom.xml}]
                        """))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:1: spec 2"))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:2: 'titel' is not a known key"))
                .anySatisfy(problem -> assertThat(problem).contains("'title' is missing"))
                .anySatisfy(
                        problem -> assertThat(problem).startsWith("t.yaml:5: identity.package 'tiny' is a bare word"))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:7: identity.artifact"))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:8: identity.app"))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:9: identity.env"))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:10: identity.title"))
                .anySatisfy(problem -> assertThat(problem).startsWith("t.yaml:11: identity.port"))
                .anySatisfy(problem -> assertThat(problem).contains("'identity.colour' is not a known key"))
                .anySatisfy(problem -> assertThat(problem).contains("feature 'End' has a bad name"))
                .anySatisfy(problem -> assertThat(problem).contains("requires 'kafak'"))
                .anySatisfy(problem -> assertThat(problem).contains("default' is 'maybe'"))
                .anySatisfy(problem -> assertThat(problem).contains("'../x' is not a pattern inside"))
                .anySatisfy(problem -> assertThat(problem).contains("oneOf.store must name two or more"))
                .anySatisfy(problem -> assertThat(problem).contains("'literals.from' is missing"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            a: !!java.lang.Runtime {}          | uses a tag
            a: !x b                            | uses a tag
            a: &x b                            | anchor or alias
            a: *x                              | anchor or alias
            {a: 1, a: 2}                       | 'a' twice
            {[a]: 1}                           | key that is not a word
            {{a: b}: 1}                        | key that is not a word
            a: [[[[[[[[[1]]]]]]]]]             | nested deeper
            a: [                               | not valid YAML
            text                               | must be a mapping
            [text]                             | must be a mapping
            """)
    void yaml_that_is_more_than_plain_data_is_refused(String yaml, String why) {
        assertThat(problems(yaml))
                .singleElement()
                .asString()
                .startsWith("t.yaml:1: ")
                .contains(why);
    }

    @Test
    void yaml_without_bounds_is_refused() {
        assertThat(problems("a: " + "x".repeat(70_000)))
                .singleElement()
                .asString()
                .contains("larger than");
        assertThat(problems("a: [" + "x,".repeat(5_000) + "]"))
                .singleElement()
                .asString()
                .contains("more than 4096 nodes");
        assertThat(problems("[".repeat(60_000))).singleElement().asString().contains("nested deeper");
        assertThat(problems("")).singleElement().asString().contains("exactly one document, not 0");
        assertThat(problems("a: b\n---\nc: d")).singleElement().asString().contains("exactly one document, not 2");
    }

    @Test
    void a_wrong_shape_is_named() {
        assertThat(problems("""
                        spec: [1]
                        title: {a: b}
                        about: ""
                        identity: x
                        resource: [Widget]
                        features: {kafka: on, audit: {paths: x, requires: {a: b}, title: [x]}, graphql: {paths: [[x], {y: z}]}}
                        literals: x
                        renames: [x]
                        """))
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(problem -> assertThat(problem).startsWith("t.yaml:"))
                .anySatisfy(problem -> assertThat(problem).contains("'about' is empty"))
                .anySatisfy(problem -> assertThat(problem).contains("'features.kafka' must be a mapping"))
                .anySatisfy(problem -> assertThat(problem).contains("'renames' must be a list of mappings"));
    }

    @Test
    void tokens_are_distinct_and_the_resource_is_one_word() {
        assertThat(problems(Fixtures.MANIFEST.replace(
                        "groupId: dev.slipway.template", "groupId: dev.slipway.template.tiny")))
                .singleElement()
                .asString()
                .contains("identity.groupId is the same as identity.package");
        assertThat(problems(Fixtures.MANIFEST + "resource: {name: GiftCard, plural: gift-cards}"))
                .hasSize(2);
        assertThat(problems(Fixtures.MANIFEST + "resource: {name: Sheep, plural: sheep}"))
                .hasSize(1);
    }

    @Test
    void an_identity_is_needed() {
        assertThat(problems("{spec: 1, title: x, about: y}")).containsExactly("t.yaml:1: 'identity' is missing");
    }
}
