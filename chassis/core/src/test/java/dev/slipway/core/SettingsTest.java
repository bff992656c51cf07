package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    enum Level {
        LOW,
        VERY_HIGH
    }

    record Shop(
            @Setting(about = "What it is called", byDefault = "corner")
            String name,

            @Setting(about = "How many may enter", byDefault = "10", least = "1", most = "100")
            int size,

            @Setting(about = "Share of the price", byDefault = "0.5", least = "0.01", most = "1")
            double share,

            @Setting(about = "Whether it is open", byDefault = "false")
            boolean open,

            @Setting(about = "How long to wait", byDefault = "5s", least = "1ms", most = "1h")
            Duration patience,

            @Setting(about = "How much fits", byDefault = "1MB", least = "1B", most = "64MB")
            DataSize room,

            @Setting(about = "How loud", byDefault = "low") Level noise,
            @Setting(about = "The key") Optional<Secret> key,
            @Setting(about = "Where it is") Optional<URI> address,

            @Setting(about = "Where it keeps things", byDefault = "data")
            Path folder,

            @Setting(about = "Words for it", byDefault = "small, red")
            List<String> tags,

            @Setting(about = "Days off") Set<Integer> closed,
            @Setting(about = "Who works there") Map<String, Long> staff,
            @Setting(about = "Ways in") List<Door> doors,
            @Setting(about = "Branches") Map<String, Door> branches,
            @Setting(about = "A way out") Optional<Door> exit,

            @Setting(about = "What it owns", byDefault = "0", least = "-5", most = "5_000_000_000")
            long balance,

            @Setting(about = "What a bag holds", byDefault = "0B", most = "1KB")
            DataSize bag,

            @Setting(about = "Shelves", least = "1", most = "9")
            Optional<Integer> shelves,

            @Setting(about = "When it closes for good", most = "31d")
            Optional<Duration> notice) {
        Shop {
            if (open && size > 50) {
                throw new IllegalArgumentException("size must not be more than 50 in an open shop");
            }
        }
    }

    record Door(
            @Setting(about = "Its colour") String colour,

            @Setting(about = "Its width", byDefault = "80", least = "1")
            int width) {}

    record Own(Shop shop) {}

    private static final String BRANCH = "shop: {branches: {north: {colour: green}}}";

    private static final ServiceDefinition<Own> CORNER_SHOP = definition(Own.class);

    @TempDir
    Path folder;

    private Shop read(String yaml, Map<String, String> environment, String... arguments) {
        return Settings.read(CORNER_SHOP, sources(yaml, environment, arguments))
                .own()
                .shop();
    }

    private List<String> errors(String yaml, Map<String, String> environment, String... arguments) {
        try {
            var settings = Settings.read(CORNER_SHOP, sources(yaml, environment, arguments));
            throw new AssertionError("accepted: " + settings);
        } catch (SettingsException e) {
            return e.errors();
        }
    }

    private SettingsSources sources(String yaml, Map<String, String> environment, String... arguments) {
        return new SettingsSources(Optional.of(yaml), folder, environment, List.of(arguments));
    }

    private void dotEnv(String text) throws IOException {
        Files.writeString(folder.resolve(".env"), text);
    }

    @Test
    void without_any_source_the_defaults_hold() {
        var shop = read("", Map.of());
        assertThat(shop)
                .isEqualTo(new Shop(
                        "corner",
                        10,
                        0.5,
                        false,
                        Duration.ofSeconds(5),
                        new DataSize(1024 * 1024),
                        Level.LOW,
                        Optional.empty(),
                        Optional.empty(),
                        Path.of("data"),
                        List.of("small", "red"),
                        Set.of(),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        0,
                        new DataSize(0),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void each_source_overrides_the_one_before() throws IOException {
        Files.writeString(folder.resolve("more.yaml"), "shop: {size: 3, name: file}");
        var yaml = "shop: {size: 2}";
        assertThat(read(yaml, Map.of()).size()).isEqualTo(2);
        assertThat(read(yaml, Map.of(), "--config", "more.yaml").size()).isEqualTo(3);
        assertThat(read(yaml, Map.of("CORNER_SHOP_CONFIG", "more.yaml")).size()).isEqualTo(3);
        dotEnv("CORNER_SHOP_CONFIG=more.yaml\nCORNER_SHOP_SHOP_SIZE=4\n");
        assertThat(read(yaml, Map.of()).size()).isEqualTo(4);
        var environment = Map.of("CORNER_SHOP_SHOP_SIZE", "5");
        assertThat(read(yaml, environment).size()).isEqualTo(5);
        assertThat(read(yaml, environment, "--shop.size=6").size()).isEqualTo(6);
        assertThat(read(yaml, environment, "--shop.size", "7").size()).isEqualTo(7);
        assertThat(read(yaml, environment, "--shop.size=7").name()).isEqualTo("file");
    }

    @Test
    void every_kind_of_value_is_read() {
        var shop = read("""
                shop:
                  share: 0.25
                  open: true
                  patience: 200ms
                  room: 64kb
                  noise: very-high
                  key: s3cret
                  address: https://example.com/a
                  folder: /srv/x
                  tags: [blue, "7"]
                  closed: [6, 7, 6]
                  staff: {ann: 3, bob: 4}
                  doors:
                    - {colour: red}
                    - {colour: blue, width: 90}
                  branches:
                    north: {colour: green}
                  exit: {colour: grey}
                """, Map.of());
        assertThat(shop.share()).isEqualTo(0.25);
        assertThat(shop.open()).isTrue();
        assertThat(shop.patience()).isEqualTo(Duration.ofMillis(200));
        assertThat(shop.room().bytes()).isEqualTo(64 * 1024);
        assertThat(shop.noise()).isEqualTo(Level.VERY_HIGH);
        assertThat(shop.key()).contains(new Secret("s3cret"));
        assertThat(shop.address()).contains(URI.create("https://example.com/a"));
        assertThat(shop.folder()).isEqualTo(Path.of("/srv/x"));
        assertThat(shop.tags()).containsExactly("blue", "7");
        assertThat(shop.closed()).containsExactlyInAnyOrder(6, 7);
        assertThat(shop.staff()).isEqualTo(Map.of("ann", 3L, "bob", 4L));
        assertThat(shop.doors()).containsExactly(new Door("red", 80), new Door("blue", 90));
        assertThat(shop.branches()).isEqualTo(Map.of("north", new Door("green", 80)));
        assertThat(shop.exit()).contains(new Door("grey", 80));
        assertThat(shop.toString()).doesNotContain("s3cret");
    }

    @Test
    void a_later_list_replaces_the_earlier_one_whole() {
        var yaml = "shop: {tags: [a, b, c], doors: [{colour: red, width: 1}, {colour: blue}]}";
        assertThat(read(yaml, Map.of("CORNER_SHOP_SHOP_TAGS", "x,y")).tags()).containsExactly("x", "y");
        assertThat(read(yaml, Map.of(), "--shop.tags.0=x").tags()).containsExactly("x");
        assertThat(read(yaml, Map.of(), "--shop.tags=").tags()).isEmpty();
        assertThat(read(yaml, Map.of(), "--shop.doors.0.colour=grey").doors()).containsExactly(new Door("grey", 80));
        assertThat(read("shop: {tags: []}", Map.of()).tags()).isEmpty();
    }

    @Test
    void a_later_map_adds_to_the_earlier_one() {
        assertThat(read("shop: {staff: {ann: 3}}", Map.of(), "--shop.staff.bob=4")
                        .staff())
                .isEqualTo(Map.of("ann", 3L, "bob", 4L));
    }

    @Test
    void an_empty_value_takes_an_optional_setting_away() {
        assertThat(read("shop: {key: abc}", Map.of("CORNER_SHOP_SHOP_KEY", "")).key())
                .isEmpty();
    }

    @Test
    void variables_are_put_in_with_defaults_and_escapes() throws IOException {
        dotEnv("WHO=\"ann $$ co\"\nCORNER_SHOP_SHOP_ADDRESS=https://${HOST:-example.com}/ # where\n");
        var yaml = "shop: {name: '${WHO} $${WHO} ${NOBODY:-x}-${EMPTY:-}-$5'}";
        var shop = read(yaml, Map.of("HOST", "example.org"));
        assertThat(shop.name()).isEqualTo("ann $$ co ${WHO} x--$5");
        assertThat(shop.address()).contains(URI.create("https://example.org/"));
    }

    @Test
    void a_value_from_the_environment_is_taken_as_it_is() {
        assertThat(read("", Map.of("CORNER_SHOP_SHOP_NAME", "a${B}c")).name()).isEqualTo("a${B}c");
    }

    @Test
    void a_missing_variable_and_a_reference_that_is_not_well_written_are_errors() {
        assertThat(errors("shop: {name: 'a${NOBODY}', key: '${1x}', name2: '${A:-${B}}'}", Map.of("B", "b")))
                .containsExactlyInAnyOrder(
                        "shop.name: the variable NOBODY is not set",
                        "shop.key: write ${NAME} or ${NAME:-default}, and $${ for ${ itself",
                        "shop.name2: no such setting (settings.yaml); did you mean shop.name?",
                        "shop.name2: write ${NAME} or ${NAME:-default}, and $${ for ${ itself");
    }

    @Test
    void all_mistakes_are_reported_at_once() {
        var errors = errors(
                "shop: {size: many, noise: shrill, doors: [{width: 0}]}\n"
                        + "service: {management-port: 70000}\nhtttp: {port: 1}",
                Map.of("CORNER_SHOP_SHOP_PATIENCE", "soon", "CORNER_SHOP_SHOP_ROOM", "65MB"),
                "--service.drain-timeout=-1s",
                "--shop.shelves=10",
                "--shop.exit.width=3");
        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "htttp.port: no such setting (settings.yaml)",
                        "shop.size: \"many\" is not a whole number (settings.yaml)",
                        "shop.noise: \"shrill\" is none of low, very-high (settings.yaml)",
                        "shop.patience: \"soon\" is not a duration such as 200ms, 5s, 10m, 1h or 7d"
                                + " (CORNER_SHOP_SHOP_PATIENCE)",
                        "shop.room: must be between 1B and 64MB, not 65MB (CORNER_SHOP_SHOP_ROOM)",
                        "shop.shelves: must be between 1 and 9, not 10 (--shop.shelves)",
                        "shop.doors.0.colour: is required",
                        "shop.doors.0.width: must be at least 1, not 0 (settings.yaml)",
                        "service.management-port: must be between 0 and 65535, not 70000 (settings.yaml)",
                        "service.drain-timeout: \"-1s\" is not a duration such as 200ms, 5s, 10m, 1h or 7d"
                                + " (--service.drain-timeout)",
                        "shop.exit.colour: is required");
    }

    @Test
    void what_a_section_itself_refuses_is_reported_under_its_name() {
        assertThat(errors("shop: {open: true, size: 51}\nservice: {termination-grace: 1s}", Map.of()))
                .containsExactlyInAnyOrder(
                        "shop.size must not be more than 50 in an open shop (settings.yaml)",
                        "service.termination-grace must be longer than shutdown-delay and drain-timeout together"
                                + " (settings.yaml)");
        assertThat(errors("shop: {open: true}", Map.of("CORNER_SHOP_SHOP_SIZE", "51")))
                .containsExactly("shop.size must not be more than 50 in an open shop (CORNER_SHOP_SHOP_SIZE)");
        assertThat(errors("shop: {open: true}", Map.of(), "--shop.size=51"))
                .containsExactly("shop.size must not be more than 50 in an open shop (--shop.size)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size       | 0         | 1 .. 100                 | 101           | between 1 and 100",
                "balance    | -6        | -5 .. 5000000000         | 5_000_000_001 | between -5 and 5_000_000_000",
                "share      | 0.009     | 0.01 .. 1.0              | 1.001         | between 0.01 and 1",
                "share      | -Infinity | 1e-1 .. 1                | Infinity      | between 0.01 and 1",
                "patience   | 0s        | 1ms .. 60m               | 3600001ms     | between 1ms and 1h",
                "room       | 0         | 1 .. 65536KB             | 67108865      | between 1B and 64MB",
                "bag        |           | 0 .. 1024                | 2KB           | at most 1KB",
                "shelves    | 0         | 1 .. 9                   | 10            | between 1 and 9",
                "notice     |           | 0s .. 744h               | 745h          | at most 31d",
                "branches.north.width | 0 | 1 .. 2147483647        |               | at least 1"
            })
    void a_value_beyond_its_bounds_is_refused_and_one_on_them_is_not(
            String key, @Nullable String tooLittle, String allowed, @Nullable String tooMuch, String bounds) {
        var setting = "shop." + key;
        for (var value : allowed.split(" \\.\\. ")) {
            assertThat(read(BRANCH, Map.of(), "--" + setting, value)).isNotNull();
        }
        Stream.of(tooLittle, tooMuch)
                .filter(Objects::nonNull)
                .forEach(value -> assertThat(errors(BRANCH, Map.of(), "--" + setting, value))
                        .containsExactly("%s: must be %s, not %s (--%s)".formatted(setting, bounds, value, setting)));
    }

    @Test
    void bounds_stand_in_the_reference_and_in_the_help() {
        assertThat(Settings.reference(CORNER_SHOP))
                .contains("| `CORNER_SHOP_SHOP_SIZE` | whole number, between 1 and 100 | `10` | How many may enter |")
                .contains("| whole number, at least 1 | `80` | Its width |")
                .contains("| size, at most 1KB | `0B` | What a bag holds |")
                .contains("| whole number, optional, between 1 and 9 |  | Shelves |");
        assertThat(Settings.help(CORNER_SHOP))
                .contains("\n  --shop.room=1MB\n      How much fits\n      size, between 1B and 64MB\n");
    }

    @Test
    void bounds_that_make_no_sense_are_a_mistake_of_the_programmer() {
        record Unread(
                @Setting(about = "", byDefault = "1s", least = "soon")
                Duration a) {}
        record Crossed(
                @Setting(about = "", least = "10", most = "1")
                int a) {}
        record TooLittle(
                @Setting(about = "", byDefault = "0B", least = "1B")
                DataSize a) {}
        record TooMuch(
                @Setting(about = "", byDefault = "1.5", most = "1")
                double a) {}
        record NoDefault(
                @Setting(about = "", byDefault = "one", most = "9")
                long a) {}
        record Text(@Setting(about = "", least = "a") String a) {}
        record Numbers(@Setting(about = "", least = "1") List<Integer> a) {}
        record Hidden(Optional<Crossed> crossed) {}

        isRefused(Unread.class, "Unread.a: \"soon\" is not a duration such as 200ms, 5s, 10m, 1h or 7d");
        isRefused(Crossed.class, "Crossed.a: 10 is not between 10 and 1");
        isRefused(TooLittle.class, "TooLittle.a: 0B is not at least 1B");
        isRefused(TooMuch.class, "TooMuch.a: 1.5 is not at most 1");
        isRefused(NoDefault.class, "NoDefault.a: \"one\" is not a whole number");
        isRefused(Text.class, "Text.a: only a number, a duration or a size has bounds");
        isRefused(Numbers.class, "Numbers.a: only a number, a duration or a size has bounds");
        isRefused(Hidden.class, "Crossed.a: 10 is not between 10 and 1");
    }

    private static <R extends Record> void isRefused(Class<R> root, String message) {
        var definition = definition(root);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Settings.read(definition, SettingsSources.ofArguments(definition, List.of())))
                .withMessage(message);
    }

    @Test
    void unknown_keys_are_refused_with_the_nearest_known_one() {
        assertThat(errors("shop: {sise: 3}", Map.of()))
                .containsExactly("shop.sise: no such setting (settings.yaml); did you mean shop.size?");
        assertThat(errors("", Map.of("CORNER_SHOP_SHOP_SISE", "3")))
                .containsExactly(
                        "CORNER_SHOP_SHOP_SISE (environment): no such setting; did you mean CORNER_SHOP_SHOP_SIZE?");
        assertThat(errors("", Map.of(), "--shop.sise=3"))
                .containsExactly("shop.sise: no such setting (--shop.sise); did you mean shop.size?");
        assertThat(errors("shop: {size: [3]}", Map.of()))
                .singleElement()
                .asString()
                .contains("shop.size.0: no such");
        assertThat(errors("shop: 3", Map.of())).singleElement().asString().contains("shop: no such setting");
        assertThat(errors("shop: {tags: [{a: 1}]}", Map.of()))
                .first()
                .asString()
                .contains("shop.tags.0.a");
    }

    @Test
    void variables_of_others_and_what_kubernetes_adds_are_left_alone() {
        var environment = Map.of(
                "PATH", "/bin",
                "OTHER_SHOP_SIZE", "x",
                "CORNER_SHOP_SERVICE_HOST", "10.0.0.1",
                "CORNER_SHOP_SERVICE_PORT_HTTP", "80",
                "CORNER_SHOP_PORT", "tcp://10.0.0.1:80",
                "CORNER_SHOP_PORT_80_TCP_ADDR", "10.0.0.1",
                "CORNER_SHOP_DB_SERVICE_HOST", "10.0.0.2",
                "CORNER_SHOP_DB_PORT", "tcp://10.0.0.2:5432",
                "CORNER_SHOP_SERVICE_MANAGEMENT_PORT", "tcp://10.0.0.3:80");
        assertThat(read("", environment).name()).isEqualTo("corner");
    }

    @Test
    void a_prefix_that_other_programs_have_too_keeps_no_service_from_starting() {
        var environment = Map.of(
                "CORNER_SHOP_PROXY", "http://10.0.0.1:3128",
                "CORNER_SHOP_ACTIONS", "true",
                "CORNER_SHOP_GRAPHQL_URL", "https://example.com",
                "CORNER_SHOP_AUTH_SOCK", "socket");
        assertThat(read("", environment).name()).isEqualTo("corner");
    }

    @Test
    void the_elements_of_a_list_have_no_gaps() {
        assertThat(errors("", Map.of(), "--shop.tags.1=x"))
                .containsExactly("shop.tags.0: is missing; the elements of a list are numbered from 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop: {name: !!java.net.URL [x]} | settings.yaml: line 1",
                "shop: [1, 2 | settings.yaml: line 1",
                "- a | settings.yaml: the file must be a mapping",
                "shop: {key: 's3cret', key: 's3cret'} | settings.yaml: line 1: found duplicate key key",
                "shop: {key: \"s3cret\\q\"} | settings.yaml: line 1",
                "shop: {tags: &a [*a, *a]} | settings.yaml",
            })
    void a_broken_file_is_one_error_that_shows_no_content(String yaml, String error) {
        assertThat(errors(yaml, Map.of())).anySatisfy(it -> assertThat(it).startsWith(error));
        assertThat(errors(yaml, Map.of())).allSatisfy(it -> assertThat(it).doesNotContain("s3cret"));
    }

    @Test
    void aliases_cannot_blow_a_file_up() {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++) {
            yaml.append("a%s: &a%s [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
        }
        assertThat(errors(yaml.toString(), Map.of())).singleElement().asString().contains("aliases");
    }

    @Test
    void deep_nesting_is_refused() {
        assertThat(errors("a: " + "{a: ".repeat(3000) + "1" + "}".repeat(3000), Map.of()))
                .singleElement()
                .asString()
                .startsWith("settings.yaml");
    }

    @Test
    void a_broken_line_of_the_dot_env_file_is_named_but_not_shown() throws IOException {
        dotEnv("# comment\n\nexport CORNER_SHOP_SHOP_SIZE = '4'\nmy s3cret\n");
        assertThat(errors("", Map.of()))
                .containsExactly(".env line 4: expected NAME=value, quoted or not, and perhaps a comment");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NAME=a b # said so | a b",
                "NAME=\"a # b\" # said so | a # b",
                "NAME='a \"b\"' # said so | a \"b\"",
                "NAME=\"say \\\"a\\\"\"|say \"a\"",
                "NAME = \"  a \"|`  a `",
                "export NAME='a'|a",
                "NAME=a#b|a#b",
                "NAME=it's|it's",
                "NAME='${OTHER}'|${OTHER}",
                "NAME=\"\\${OTHER}\"|${OTHER}",
                "NAME=\"${OTHER:-a}\"|a"
            })
    void a_value_of_the_dot_env_file_may_be_quoted_and_have_a_comment(String line, String name) throws IOException {
        dotEnv("CORNER_SHOP_SHOP_" + line.replaceFirst("^export ", "") + "\n");

        assertThat(read("", Map.of()).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=\"b", "A='b", "A=\"b\"c", "A='b' c"})
    void a_quote_without_its_end_is_an_error(String line) throws IOException {
        dotEnv(line);

        assertThat(errors("", Map.of())).hasSize(1).first().asString().startsWith(".env line 1: expected NAME=value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "1e5", "0123", "0x10", "1_000", "true", "2026-11-30", ".5", "007", "+1"})
    void a_text_of_a_file_is_what_is_written(String text) {
        assertThat(read("shop: {name: " + text + "}", Map.of()).name()).isEqualTo(text);
        assertThat(read("shop: {key: " + text + "}", Map.of()).key())
                .hasValueSatisfying(key -> assertThat(key.value()).isEqualTo(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null"})
    void an_absent_value_of_a_file_is_as_if_the_key_were_not_there(String text) {
        assertThat(read("shop: {name: " + text + "}", Map.of()).name()).isEqualTo("corner");
    }

    @Test
    void spaces_around_a_text_belong_to_it() {
        assertThat(read("shop: {key: ' a '}", Map.of()).key().orElseThrow().value())
                .isEqualTo(" a ");
        assertThat(read("", Map.of("CORNER_SHOP_SHOP_KEY", " b "))
                        .key()
                        .orElseThrow()
                        .value())
                .isEqualTo(" b ");
        assertThat(read("shop: {size: ' 20 '}", Map.of()).size()).isEqualTo(20);
    }

    @Test
    void what_maps_and_lists_hold_is_set_by_variables() {
        var shop = read(
                "shop: {branches: {northEnd: {colour: red}, west-side: {colour: blue}}}",
                Map.of(
                        "CORNER_SHOP_SHOP_BRANCHES_NORTHEND_WIDTH", "1",
                        "CORNER_SHOP_SHOP_BRANCHES_WEST_SIDE_WIDTH", "2",
                        "CORNER_SHOP_SHOP_BRANCHES_FAR_EAST_COLOUR", "green",
                        "CORNER_SHOP_SHOP_STAFF_ADA", "3",
                        "CORNER_SHOP_SHOP_DOORS_0_COLOUR", "grey",
                        "CORNER_SHOP_SHOP_TAGS_0", "a",
                        "CORNER_SHOP_SHOP_TAGS_1", "b"));

        assertThat(shop.branches()).containsOnlyKeys("northEnd", "west-side", "far-east");
        assertThat(shop.staff()).isEqualTo(Map.of("ada", 3L));
        assertThat(shop.doors()).containsExactly(new Door("grey", 80));
        assertThat(shop.tags()).containsExactly("a", "b");
    }

    @Test
    void a_byte_order_mark_is_no_text() throws IOException {
        dotEnv("\ufeffCORNER_SHOP_SHOP_NAME=a");
        var config = Files.writeString(folder.resolve("more.yaml"), "\ufeffshop: {size: 20}");

        var shop = read("\ufeffshop: {share: 0.25}", Map.of(), "--config=" + config);

        assertThat(shop.name()).isEqualTo("a");
        assertThat(shop.size()).isEqualTo(20);
        assertThat(shop.share()).isEqualTo(0.25);
    }

    @Test
    void a_config_file_that_is_no_text_says_why() throws IOException {
        Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});

        assertThat(errors("", Map.of(), "--config=latin.yaml"))
                .containsExactly("config: " + folder.resolve("latin.yaml") + " is not UTF-8");
        assertThat(errors("", Map.of(), "--config=."))
                .containsExactly("config: " + folder.resolve(".") + " is a folder");
    }

    @Test
    void a_missing_config_file_is_an_error() {
        assertThat(errors("", Map.of(), "--config=nowhere.yaml"))
                .singleElement()
                .asString()
                .contains("does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.size=3", "--", "--shop.size", "-x"})
    void an_argument_that_is_none_is_an_error(String argument) {
        assertThat(errors("", Map.of(), argument)).singleElement().asString().startsWith(argument);
    }

    @ParameterizedTest
    @CsvSource({
        "share,half,is not a number",
        "open,yes,is neither true nor false",
        "room,huge,is not a size",
        "address,http://a b,is not a URI",
        "share,NaN,is not a number",
        "size,99999999999,is not a whole number"
    })
    void a_value_of_the_wrong_type_says_what_is_expected(String key, String value, String message) {
        assertThat(errors("", Map.of(), "--shop." + key, value))
                .singleElement()
                .asString()
                .contains(message);
    }

    @Test
    void the_reference_of_a_service_lists_its_own_sections_and_what_it_says_of_others() {
        assertThat(Settings.ownReference(CORNER_SHOP))
                .contains("\n## shop\n", "| `shop.name` |", "| `shop.doors.*.colour` |")
                .doesNotContain("`service.");
    }

    @Test
    void help_fits_a_terminal_of_80_columns() {
        record Wordy(
                @Setting(
                        about = "What is said of this one takes more than one line of a terminal, as it goes on and on",
                        byDefault = "1")
                int wide) {}
        record Root(Wordy wordy) {}

        assertThat(Settings.help(CORNER_SHOP))
                .contains("\n  --shop.noise=low\n      How loud\n      low | very-high\n      CORNER_SHOP_SHOP_NOISE\n")
                .contains("\n  --shop.key\n      The key\n      secret, optional\n")
                .contains("\n  --shop.tags=small, red\n")
                .contains("\n  --shop.doors.*.colour\n      Its colour\n      string\n\n");
        var help = Settings.help(definition(Root.class));
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
        assertThat(help)
                .contains(
                        "\n  --wordy.wide=1\n      What is said of this one takes more than one line of a terminal, as it")
                .contains("as it\n      goes on and on\n      whole number\n");
    }

    @Test
    void the_reference_lists_every_setting() {
        assertThat(Settings.reference(CORNER_SHOP))
                .contains(
                        "| `service.management-port` | `CORNER_SHOP_SERVICE_MANAGEMENT_PORT` | whole number, between 0 and 65535 |")
                .contains("\n## shop\n\n| key | variable |")
                .contains("| `shop.noise` | `CORNER_SHOP_SHOP_NOISE` | low \\| very-high | `low` | How loud |")
                .contains("| `shop.key` | `CORNER_SHOP_SHOP_KEY` | secret, optional |  | The key |")
                .contains("| `shop.tags` | `CORNER_SHOP_SHOP_TAGS` | list of string | `small, red` | Words for it |")
                .contains("| `shop.staff.*` |  | whole number by name |")
                .contains("| `shop.doors.*.colour` |  | string |  | Its colour |")
                .contains("| `shop.exit.colour` | `CORNER_SHOP_SHOP_EXIT_COLOUR` |");
    }

    @Test
    void an_unwrapped_record_gives_its_sections_to_the_record_that_holds_it() {
        @Unwrapped
        record Building(
                Door door,
                @Setting(about = "How many floors") int floors) {}
        record Root(Building building) {}
        var definition = definition(Root.class);
        var sources = SettingsSources.ofArguments(definition, List.of("--door.colour=red", "--floors=2"));

        var building = Settings.read(definition, sources).own().building();

        assertThat(building).isEqualTo(new Building(new Door("red", 80), 2));
        assertThat(Settings.reference(definition))
                .contains("| `door.width` | `CORNER_SHOP_DOOR_WIDTH` |", "| `floors` |");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(
                        definition, SettingsSources.ofArguments(definition, List.of("--building.floors=2"))))
                .satisfies(e -> assertThat(e.errors())
                        .contains("door.colour: is required", "floors: is required")
                        .anyMatch(error -> error.startsWith("building.floors: no such setting")));
    }

    @Test
    void sources_of_a_test_see_nothing_of_their_surroundings() {
        var sources = SettingsSources.ofArguments(CORNER_SHOP, List.of("--shop.size=2"));
        assertThat(sources.environment()).isEmpty();
        assertThat(Settings.read(CORNER_SHOP, sources).own().shop().size()).isEqualTo(2);
    }

    @Test
    void a_type_that_no_text_can_express_is_a_mistake_of_the_programmer() {
        record Odd(@Setting(about = "Odd") Thread thread) {}
        record Root(Odd odd) {}
        var definition = definition(Root.class);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Settings.read(
                        definition, SettingsSources.ofArguments(definition, List.of("--odd.thread=main"))));
    }

    private static <R extends Record> ServiceDefinition<R> definition(Class<R> root) {
        return new ServiceDefinition<>("corner-shop", root) {
            @Override
            public void assemble(Assembly service, R settings) {}
        };
    }
}
