package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {

    private final Bundle mini = Fixtures.mini();

    private Request with(String name, String group, String packageName, String resource, int port) {
        return new Request(
                name,
                Optional.of(group),
                Optional.of(packageName),
                Optional.of(resource),
                OptionalInt.of(port),
                Optional.empty(),
                List.of());
    }

    private Answers features(Optional<List<String>> features, List<String> without) {
        return Answers.of(
                mini,
                new Request(
                        "shop",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        features,
                        without));
    }

    @Test
    void a_name_is_enough() {
        var answers = Answers.of(mini, Request.named("gift-cards"));
        assertThat(answers.group()).isEqualTo("com.example");
        assertThat(answers.packageName()).isEqualTo("com.example.giftcards");
        assertThat(answers.features()).containsExactly("kafka", "audit", "postgres");
    }

    @Test
    void every_mistake_is_reported_at_once() {
        assertThat(Fixtures.problems(() -> Answers.of(mini, with("Loyalty!", "Com..Acme", "a.class.b", "order", 80))))
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem).contains("name 'Loyalty!'"),
                        problem -> assertThat(problem).contains("group 'Com..Acme'"),
                        problem -> assertThat(problem).contains("keyword"),
                        problem -> assertThat(problem).contains("Pascal case"),
                        problem -> assertThat(problem).contains("port 80"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Loyalty",
                "1st",
                "-a",
                "a-",
                "a--b",
                "a_b",
                "a.b",
                "../x",
                "a/b",
                "a b",
                "a\n",
                "a\u0000",
                "${x}",
                "<x>",
                "a;rm",
                "ä",
                "slipway",
                "con",
                "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop"
            })
    void a_name_that_could_do_harm_is_refused(String name) {
        assertThat(Fixtures.problems(() -> Answers.of(mini, Request.named(name))))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).doesNotContain("\n").doesNotContain("\u0000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.x",
                "javax",
                "javax.acme",
                "jdk.acme",
                "com",
                "com.new",
                "com.Acme",
                "com..x",
                ".com",
                "com.x.",
                "com/x",
                "com.aux",
                "com.1x",
                "com.acme\n"
            })
    void a_package_that_java_or_a_file_system_refuses_is_refused(String packageName) {
        assertThat(Fixtures.problems(() -> Answers.of(mini, with("shop", "com.acme", packageName, "Reward", 9000))))
                .singleElement()
                .asString()
                .startsWith("package '");
    }

    @Test
    void a_package_may_have_underscores_and_is_the_same_in_folders_and_code() {
        var answers = Answers.of(mini, with("shop", "com.acme", "com.acme_inc.gift_shop", "GiftCard", 9000));

        var tree = Renderer.render(mini, answers);

        assertThat(tree.paths())
                .contains("src/main/java/com/acme_inc/gift_shop/giftcard/GiftCard.java")
                .noneMatch(path -> path.contains("widget"));
        assertThat(Fixtures.file(tree, "src/main/java/com/acme_inc/gift_shop/giftcard/GiftCard.java")
                        .content()
                        .toString())
                .startsWith("package com.acme_inc.gift_shop.giftcard;");
    }

    @Test
    void a_name_that_makes_no_package_asks_for_one() {
        assertThat(Fixtures.problems(() -> Answers.of(mini, Request.named("switch"))))
                .singleElement()
                .asString()
                .contains("com.example.switch", "keyword");
    }

    @Test
    void the_highest_port_leaves_room_for_management() {
        assertThat(Fixtures.problems(() -> Answers.of(mini, with("shop", "com.acme", "com.acme", "Reward", 65_535))))
                .containsExactly("port 65535 cannot be used");
        assertThat(Answers.of(mini, with("shop", "com.acme", "com.acme", "Reward", 65_534))
                        .port())
                .hasValue(65_534);
    }

    @Test
    void what_the_template_does_not_have_cannot_be_chosen() {
        var bare = Fixtures.bundle(Fixtures.MANIFEST, Map.of());
        assertThat(Fixtures.problems(() -> Answers.of(bare, with("shop", "com.acme", "com.acme.shop", "Reward", 9000))))
                .containsExactly("this template has no resource to rename", "this template does not listen on a port");
    }

    @Test
    void chosen_features_bring_what_they_require() {
        assertThat(features(Optional.of(List.of("audit")), List.of()).features())
                .containsExactly("kafka", "audit", "postgres");
        assertThat(features(Optional.of(List.of("memory")), List.of()).features())
                .containsExactly("memory");
        assertThat(features(Optional.of(List.of()), List.of()).features()).containsExactly("postgres");
    }

    @Test
    void without_takes_away_and_settles_alternatives() {
        assertThat(features(Optional.empty(), List.of("audit")).features()).containsExactly("kafka", "postgres");
        assertThat(features(Optional.empty(), List.of("postgres", "audit", "kafka"))
                        .features())
                .containsExactly("memory");
    }

    @Test
    void contradictions_are_refused() {
        assertThat(Fixtures.problems(() -> features(Optional.empty(), List.of("kafka"))))
                .containsExactly("feature 'audit' requires 'kafka'");
        assertThat(Fixtures.problems(() -> features(Optional.of(List.of("memory", "postgres")), List.of())))
                .containsExactly("exactly one of postgres, memory must be on, not 2");
        assertThat(Fixtures.problems(() -> features(Optional.empty(), List.of("memory", "postgres"))))
                .containsExactly("exactly one of postgres, memory must be on, not 0");
        assertThat(Fixtures.problems(() -> features(Optional.of(List.of("kafka")), List.of("audit"))))
                .containsExactly("features are both chosen and taken away");
    }

    @Test
    void an_unknown_feature_suggests_the_nearest() {
        try {
            features(Optional.of(List.of("kakfa")), List.of("nothing-like-it"));
            throw new AssertionError("It was not refused");
        } catch (GenerationException failure) {
            assertThat(failure.problems())
                    .extracting(Problem::fix)
                    .contains("Did you mean 'kafka'?", "It has: kafka, audit, memory, postgres");
        }
    }

    @Test
    void no_random_text_gets_past_the_patterns() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int c = 0; c < random.nextInt(12); c++) {
                text.append("ab-_./\\:$ {}<>&\"'\n\u0000A1é".charAt(random.nextInt(22)));
            }
            var request = Request.named(text.toString());
            boolean good = text.toString().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
            if (good) {
                assertThat(Answers.of(mini, request).packageName())
                        .as("seed %d", seed)
                        .matches("[a-z0-9.]+");
            } else {
                assertThat(Fixtures.problems(() -> Answers.of(mini, request)))
                        .as("seed %d", seed)
                        .isNotEmpty();
            }
        }
    }
}
