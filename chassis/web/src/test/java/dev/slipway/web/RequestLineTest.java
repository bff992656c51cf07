package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import java.net.Socket;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is served has one spelling, on raw sockets: a gateway in front reads no other request than the server.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestLineTest {
    private static final Parameter<String> WORD = Parameter.text("word", "Any word.");
    private static final String POINT =
            "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"x\":1}";

    /// Needs no encoding where it stands, and may be encoded all the same.
    private static final Pattern DELIMITER = Pattern.compile("%(21|24|26|27|28|29|2A|2B|2C|3D|3A|40)");

    private static final List<String> ODD = List.of(
            "/",
            "//",
            ".",
            "..",
            "/./",
            "/../",
            "%2e",
            "%2E%2e",
            "%2f",
            "%2F",
            "%5c",
            "\\",
            ";",
            ";x",
            ";x=/..",
            "%3b",
            "%00",
            "%0a",
            "%7F",
            "%c2%85",
            "%c0%af",
            "%ff",
            "%ef%bf%bd",
            "%ed%a0%80",
            "%e4%b8%ad",
            "%61",
            "%25",
            "%252f",
            "%",
            "%2",
            "%zz",
            "#",
            "#x",
            "?",
            "?x",
            "*",
            ":",
            "%3A",
            "@",
            "+",
            "%2B",
            "%20",
            "~",
            "%7E",
            "-",
            "%2d",
            "\u00e4",
            "http://x",
            "{",
            "|",
            "\"");

    record Word(String word) {}

    private final Api api = new Api(rest -> {
        Api.shopRoutes(rest);
        rest.routes(Route.get(
                "/words/{word}",
                Operation.named("readWord", "Says a word.")
                        .on(WORD)
                        .policy(Policy.anyone())
                        .output(Word.class)
                        .read(call -> Outcome.done(new Word(call.get(WORD))))));
    });

    RequestLineTest() throws InterruptedException {}

    @AfterAll
    void stop() {
        api.close();
    }

    @AfterEach
    void nothing_of_it_is_an_error() {
        assertThat(api.newFaults()).isEmpty();
    }

    private static String request(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    }

    private String get(String target) throws Exception {
        return api.raw(request("GET", target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1//ping",
                "//v1/ping",
                "/v1/./ping",
                "/./v1/ping",
                "/x/../v1/ping",
                "/v1/orders/../ping",
                "/v1/x/%2e%2E/ping",
                "/v1/ping/.",
                "/v1/ping/x/..",
                "/..",
                "/v1/ping;x",
                "/v1;x=1/ping",
                "/v1/ping;",
                "/v1/%70ing",
                "/v1%2Fping",
                "/v1%2fping",
                "/v1%5Cping",
                "/v1\\ping",
                "/v1/ping%00",
                "/v1/ping%0d%0a",
                "/v1/ping%7f",
                "/v1/ping#x",
                "/v1/ping?#x",
                "/v1/ping?x#y",
                "/v1/words/a%2Fb",
                "/v1/words/a%5cb",
                "/v1/words/..",
                "/v1/words/%2e%2e",
                "/v1/words/a%00",
                "/v1/words/a%1b",
                "/v1/words/a%C2%85",
                "/v1/words/a%FF",
                "/v1/words/%C0%AF",
                "/v1/words/%ED%A0%80",
                "/v1/words/\u00e4",
                "/v1/words/a%2Db",
                "/v1/words/a%7Eb",
                "/v1/words/a%",
                "/v1/words/a%2",
                "/v1/words/a%zz",
                "/v1/words/a%+1",
                "//docs",
                "/docs;x",
                "/%64ocs",
                "/docs/../docs",
                "/openapi/v1%2Ejson",
                "/openapi/./v1.json",
                "//",
                "/.",
                "/;x",
                "/%2e",
                "v1/ping",
                "x:/v1/ping",
                "x:80",
                "*",
                "ftp://x/v1/ping",
                "http:/v1/ping",
                "http:///v1/ping",
                "http://ann@x/v1/ping",
                "http://x#/v1/ping",
                "http://x/v1//ping",
                "http://x/v1/x/../ping",
                "http://x/v1/ping;x",
            })
    void another_spelling_of_a_path_is_a_bad_request(String target) throws Exception {
        assertThat(get(target))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json", "\"code\":\"bad-request\"", "\"detail\":\"The path is not in its")
                .containsIgnoringCase("Connection: close\r\n")
                .containsOnlyOnce("HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/words/a-b._~           | a-b._~",
                "/v1/words/!$&'()*+,=:@     | !$&'()*+,=:@",
                "/v1/words/%21%3A%40%2b     | !:@+",
                "/v1/words/%3Ba%3f%23       | ;a?#",
                "/v1/words/a%20b            | a b",
                "/v1/words/100%25           | 100%",
                "/v1/words/%252F            | %2F",
                "/v1/words/%e4%b8%AD        | 中",
                "/v1/words/%F0%9F%8D%B5     | 🍵",
                "/v1/words/...              | ...",
                "/v1/words/.a               | .a",
                "http://x:80/v1/words/a     | a",
                "HTTPS://[::1]/v1/words/a   | a",
            })
    void what_is_spelt_as_it_must_be_is_served(String target, String word) throws Exception {
        var answer = get(target);
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(word(answer)).isEqualTo(word);
    }

    private static String word(String answer) throws Exception {
        var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return new ObjectMapper()
                .readTree(body.getBytes(StandardCharsets.ISO_8859_1))
                .get("word")
                .asText();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/ping/", "/docs/", "/v1/", "/v1/words/", "http://x", "http://x?y", "/V1/ping", "/v1/PING"})
    void a_path_that_nothing_has_is_not_found(String target) throws Exception {
        assertThat(get(target)).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void a_question_for_the_server_itself_is_no_malformed_path() throws Exception {
        assertThat(api.raw(request("OPTIONS", "*"))).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "Get", "gET", "head", "FOO", "PROPFIND", "CONNECT", "GETX", "GE"})
    void a_method_that_there_is_not_is_not_implemented(String method) throws Exception {
        for (var path : List.of("/v1/ping", "/", "/docs", "/nowhere")) {
            assertThat(api.raw(request(method, path)))
                    .startsWith("HTTP/1.1 501 ")
                    .contains("application/problem+json", "\"status\":501", "\"code\":\"unknown-method\"")
                    .containsOnlyOnce("HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G(T", "G\u0000T", "G\u00c4T", "", "G\tT"})
    void what_is_no_method_is_a_bad_request(String method) throws Exception {
        assertThat(api.raw(request(method, "/v1/ping"))).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r\n\r\n"})
    void empty_lines_before_a_request_are_ignored(String empty) throws Exception {
        var ping = "GET /v1/ping HTTP/1.1\r\nHost: x\r\n";
        assertThat(api.raw(empty + ping + "\r\n" + empty + POINT + empty + ping + "Connection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 200 .*HTTP/1.1 204 .*HTTP/1.1 200 .*");
        var chunked = POINT.replace("Content-Length: 7", "Transfer-Encoding: chunked")
                .replace("{\"x\":1}", "7\r\n{\"x\":1}\r\n0\r\n\r\n");
        assertThat(api.raw(chunked + empty + ping + "Connection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 204 .*HTTP/1.1 200 .*");
    }

    @Test
    void an_empty_line_may_come_byte_by_byte() throws Exception {
        try (var socket = new Socket(api.address().getHost(), api.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            for (var c : ("\r\n" + request("GET", "/v1/ping")).toCharArray()) {
                socket.getOutputStream().write(c);
            }
            assertThat(Api.readAll(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\r\n", " \r\n", "\n\r\n"})
    void what_is_no_empty_line_is_not_ignored(String begin) throws Exception {
        assertThat(api.raw(begin + request("GET", "/v1/ping")))
                .startsWith("HTTP/1.1 400 ")
                .containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void empty_lines_do_not_go_on_for_ever() throws Exception {
        assertThat(api.raw("\r\n".repeat(50) + request("GET", "/v1/ping"))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void an_empty_line_and_nothing_else_is_no_request() throws Exception {
        try (var socket = new Socket(api.address().getHost(), api.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(Api.readAll(socket.getInputStream())).isEmpty();
        }
    }

    /// Whatever stands there: it is served by its one spelling or not at all, and is no error of ours.
    @Test
    void a_random_path_is_served_by_one_spelling_only() throws Exception {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        var plain = List.of("/v1/ping", "/v1/orders", "/docs", "/docs/init.js", "/openapi/v1.json", "/");
        var served = 0;
        for (var i = 0; i < 1_500; i++) {
            var known = random.nextBoolean() ? "/v1/words/tea" : plain.get(random.nextInt(plain.size()));
            var target = changed(known, random);
            var answer = get(target);
            assertThat(answer).as("seed %d: %s", seed, target).matches("(?s)HTTP/1.1 (200|400|404) .*");
            if (answer.startsWith("HTTP/1.1 200 ")) {
                served++;
                var path = target.replaceFirst("\\?.*", "").replaceFirst("^http://[^/]*", "");
                if (!plain.contains(path)) {
                    assertThat(path).as("seed %d", seed).startsWith("/v1/words/");
                    var segment = path.substring("/v1/words/".length());
                    assertThat(word(answer)).as("seed %d: %s", seed, target).isEqualTo(decoded(segment));
                    assertThat(delimitersDecoded(segment)).as("seed %d", seed).isEqualTo(encoded(decoded(segment)));
                }
            }
        }
        assertThat(served).as("seed %d", seed).isGreaterThan(20);
    }

    private static String changed(String path, Random random) {
        var text = new StringBuilder(path);
        for (var i = random.nextInt(3); i >= 0; i--) {
            var at = random.nextInt(text.length() + 1);
            if (random.nextInt(4) == 0 && at < text.length()) {
                text.replace(at, at + 1, "%" + HexFormat.of().toHexDigits((byte) text.charAt(at)));
            } else {
                text.insert(at, ODD.get(random.nextInt(ODD.size())));
            }
        }
        return text.toString();
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(String word) {
        var escaped = URLEncoder.encode(word, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%7E", "~");
        return delimitersDecoded(escaped);
    }

    private static String delimitersDecoded(String segment) {
        var upper = Pattern.compile("%[0-9a-f]{2}", Pattern.CASE_INSENSITIVE)
                .matcher(segment)
                .replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
        return DELIMITER.matcher(upper).replaceAll(escape -> Matcher.quoteReplacement(decoded(escape.group())));
    }
}
