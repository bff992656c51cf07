package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlipwayTest {

    @TempDir
    private Path folder;

    private Terminal terminal() {
        return new Terminal(folder);
    }

    /// Where a new project has been asked for.
    private Terminal newShop(String... options) {
        var terminal = terminal();
        var arguments = new ArrayList<>(List.of("new", "mini", "--name", "shop"));
        arguments.addAll(List.of(options));
        assertThat(terminal.call(arguments.toArray(String[]::new))).isZero();
        return terminal;
    }

    @Test
    void list_shows_every_template_and_what_to_type_next() {
        var terminal = terminal();
        assertThat(terminal.call("list")).isZero();
        assertThat(terminal.out()).startsWith("mini  Mini service: A fixture");
        assertThat(terminal.err()).isEqualTo("        Next slipway info TEMPLATE\n");
    }

    @Test
    void info_shows_resource_port_features_and_alternatives() {
        var terminal = terminal();
        assertThat(terminal.call("info", "mini")).isZero();
        assertThat(terminal.out())
                .contains("Mini service (mini 0.1.0)")
                .contains("Resource: Widget, widgets")
                .contains("Ports: 8180, for management 8181 (others with --port, the first)")
                .contains("Feature audit: Audit trail (on, requires kafka)")
                .contains("Feature memory: Widgets in memory (off)")
                .contains("One store of: postgres, memory");
        assertThat(terminal.err()).contains("slipway new mini --name NAME --resource RESOURCE");
    }

    @Test
    void new_writes_a_project_and_says_what_to_type_next() {
        var terminal = terminal();
        assertThat(terminal.call("new", "mini", "--name", "gift-shop", "--group", "com.acme", "--resource", "GiftCard"))
                .isZero();
        Path project = folder.resolve("gift-shop");
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err().lines())
                .containsExactly(
                        "    Rendered mini 0.1.0 as gift-shop: 21 files, package com.acme.giftshop",
                        "     Written gift-shop",
                        "        Next cd gift-shop && ./run");
        assertThat(project.resolve("src/main/java/com/acme/giftshop/giftcard/GiftCard.java"))
                .exists();
        assertThat(project.resolve(".slipway/lock.yaml")).exists();
        assertThat(Files.isExecutable(project.resolve("run"))).isTrue();
    }

    @Test
    void a_folder_with_spaces_is_quoted_for_the_shell() {
        var terminal = newShop("--dir", "my 'new' shop");
        assertThat(terminal.err()).contains("cd 'my '\\''new'\\'' shop' && ./run");
    }

    @Test
    void a_folder_is_reached_through_none_that_need_not_be_there() {
        var terminal = newShop("--dir", "a/b/../c");
        assertThat(terminal.err()).contains("cd a/c && ./run");
    }

    @Test
    void an_empty_list_of_features_leaves_those_that_cannot_be_left_out() {
        var terminal = newShop("--features", "", "--dry-run", "--json");
        assertThat(terminal.document().get("result"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .extractingByKey("features")
                .isEqualTo(List.of("postgres"));
    }

    @Test
    void a_dry_run_shows_the_files_and_writes_nothing() throws IOException {
        var terminal = newShop("--without", "audit", "--dry-run");
        assertThat(terminal.out()).contains("+ pom.xml\n").doesNotContain("audit");
        assertThat(terminal.out().lines()).allMatch(line -> line.startsWith("+ "));
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void bad_answers_are_all_reported_and_nothing_is_written() throws IOException {
        var terminal = terminal();
        assertThat(terminal.call("new", "mini", "--name", "Shop!", "--resource", "order", "--features", "kafak"))
                .isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err())
                .contains("error: name 'Shop!'", "error: resource 'order' is not a name in Pascal case")
                .contains("error: feature 'kafak' does not exist\n  fix: Did you mean 'kafka'?\n");
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_folder_that_is_not_empty_is_left_alone() throws IOException {
        Files.createDirectory(folder.resolve("shop"));
        Files.writeString(folder.resolve("shop/precious"), "x");
        var terminal = terminal();
        assertThat(terminal.call("new", "mini", "--name", "shop")).isEqualTo(1);
        assertThat(terminal.err()).contains("is not empty").contains("--dir");
        assertThat(folder.resolve("shop")).isDirectoryNotContaining(path -> !path.endsWith("precious"));
    }

    @Test
    void an_unsound_template_is_not_rendered() throws IOException {
        Files.createDirectories(folder.resolve("t"));
        Files.writeString(
                folder.resolve("catalogue.yaml"), "{spec: 1, group: g, version: 1, templates: [{id: t, path: t}]}");
        Files.writeString(
                folder.resolve("t/slipway-template.yaml"),
                "{spec: 1, title: T, about: A, identity: {package: a.b.c, groupId: a.b, artifact: a-b, app: AbCd, env: AB_}}");
        var terminal = terminal().with("SLIPWAY_HOME", folder.toString());
        assertThat(terminal.call("new", "t", "--name", "shop")).isEqualTo(1);
        assertThat(terminal.err()).contains("identity.package 'a.b.c' occurs in no file");
    }

    @Test
    void an_unknown_template_or_command_suggests_the_nearest() {
        var terminal = terminal();
        assertThat(terminal.call("info", "minni")).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("error: there is no template 'minni'\n  fix: Did you mean 'mini'?\n");
        assertThat(terminal.call("nwe")).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("error: there is no command 'nwe'\n  fix: Did you mean 'new'?\n");
        assertThat(terminal.call("new", "mini", "--nam", "x")).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("error: there is no option '--nam'\n  fix: Did you mean '--name'?\n");
        assertThat(terminal.call("list", "mini")).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo("error: there is no further argument 'mini'\n  fix: See slipway list --help\n");
        assertThat(terminal.call("new", "mini")).isEqualTo(2);
        assertThat(terminal.err()).contains("--name").contains("fix: See slipway new --help");
    }

    @Test
    void without_a_command_the_help_says_what_there_is() {
        var terminal = terminal();
        assertThat(terminal.call()).isEqualTo(2);
        assertThat(terminal.err()).startsWith("Usage: slipway").contains("Shows the templates.");
        assertThat(terminal.call("--json")).isEqualTo(2);
        assertThat(String.valueOf(terminal.document().get("problems"))).contains("no command was given");
    }

    @Test
    void prose_is_broken_between_words_and_hangs_below_its_heading() {
        var text = Paragraph.of("base  ", "word ".repeat(30).strip());

        assertThat(text.lines()).hasSize(2).allMatch(line -> line.length() <= 80);
        assertThat(text.lines().skip(1)).allMatch(line -> line.startsWith("      word"));
        assertThat(text.replaceAll("\\s+", " "))
                .isEqualTo("base " + "word ".repeat(30).strip());
        assertThat(Paragraph.of("", "x".repeat(100))).hasSize(100);
    }

    @Test
    void a_missing_catalogue_is_a_failure_with_a_fix() {
        var terminal = terminal().with("SLIPWAY_HOME", folder.toString());
        assertThat(terminal.call("list")).isEqualTo(1);
        assertThat(terminal.err()).contains("no catalogue").contains("SLIPWAY_HOME");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list", "info mini", "version", "token", "doctor", "completion fish", "new mini --name shop --dry-run",
                "new mini --name shop", "info nothing", "run nowhere", "new", "bogus", "token --ttl never",
                        "completion tcsh"
            })
    void with_json_every_command_answers_with_one_document(String line) {
        var terminal = terminal();
        List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
        arguments.add("--json");
        int exitCode = terminal.call(arguments.toArray(String[]::new));
        Map<?, ?> document = terminal.document();
        assertThat(document.get("document")).isEqualTo(1);
        assertThat(document.get("exitCode")).isEqualTo(exitCode);
        assertThat(document.get("ok")).isEqualTo(exitCode == 0);
        assertThat(document.containsKey(exitCode == 0 || line.equals("doctor") ? "result" : "problems"))
                .isTrue();
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void json_escapes_what_it_must() {
        assertThat(Json.compact(List.of("a\"\\\n\u0001é", 1, true, Map.of(), List.of())))
                .isEqualTo("[\"a\\\"\\\\\\n\\u0001é\",1,true,{},[]]");
    }

    @Test
    void json_is_the_same_each_time() {
        var ordered = new LinkedHashMap<String, Integer>();
        ordered.put("z", 1);
        ordered.put("a", 2);
        assertThat(Json.compact(ordered)).isEqualTo("{\"z\":1,\"a\":2}");
        assertThat(Json.compact(Map.of("what", 1, "fix", 2, "dir", 3, "at", 4, "kind", 5)))
                .isEqualTo("{\"at\":4,\"dir\":3,\"fix\":2,\"kind\":5,\"what\":1}");
    }

    @Test
    void colour_is_for_a_terminal_that_wants_it() {
        assertThat(escapes(terminal().watched().with("TERM", "xterm"))).isTrue();
        assertThat(escapes(terminal().with("TERM", "xterm"))).isFalse();
        assertThat(escapes(terminal().watched().with("NO_COLOR", "1"))).isFalse();
        assertThat(escapes(terminal().watched().with("TERM", "dumb"))).isFalse();
        assertThat(escapes(terminal().watched().with("CI", "true"))).isFalse();
    }

    private static boolean escapes(Terminal terminal) {
        terminal.call("list");
        String list = terminal.err();
        terminal.call("bogus");
        assertThat(list.contains("\033[")).isEqualTo(terminal.err().contains("\033["));
        return list.contains("\033[");
    }

    @Test
    void help_is_there_for_the_root_and_for_each_command() {
        var terminal = terminal();
        assertThat(terminal.call("--help")).isZero();
        assertThat(terminal.out())
                .contains("new", "list", "info", "run", "token", "doctor", "completion", "version", "130");
        assertThat(terminal.call("token", "--help")).isZero();
        assertThat(terminal.out()).contains("--subject", "--json");
    }

    @Test
    void version_names_slipway_and_the_jdk() {
        var terminal = terminal();
        assertThat(terminal.call("version")).isZero();
        assertThat(terminal.out()).matches("slipway [0-9.]+ \\(JDK 2[5-9].*\\)\n");
    }

    @Test
    void completion_knows_commands_and_options() {
        var terminal = terminal();
        assertThat(terminal.call("completion", "bash")).isZero();
        assertThat(terminal.out()).contains("_complete_slipway", "--dry-run");
        assertThat(terminal.call("completion", "fish")).isZero();
        assertThat(terminal.out())
                .contains("complete -c slipway -n __fish_use_subcommand -a new -d")
                .contains(
                        "complete -c slipway -n '__fish_seen_subcommand_from new' -l name -r -d 'The service\\'s name")
                .contains("-l dry-run -d");
        assertThat(terminal.call("completion", "fihs")).isEqualTo(2);
        assertThat(terminal.err()).contains("Did you mean 'fish'?");
    }
}
