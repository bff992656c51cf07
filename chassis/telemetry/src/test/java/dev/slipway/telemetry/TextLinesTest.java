package dev.slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.CallContext;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TextLinesTest {
    private final TextLines plain = new TextLines(ZoneOffset.UTC, false);

    @Test
    void a_line_says_when_how_bad_where_and_what_and_for_which_request() {
        var written = LogLines.written(
                plain,
                "dev.slipway.shop.Stock",
                log -> ScopedValue.where(CallContext.CURRENT, LogLines.CALL)
                        .run(() -> log.atWarn().addKeyValue("left", 3).log("tea runs out")));
        assertThat(written)
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Stock            tea runs out left=3  user req=req-1\n");
    }

    @Test
    void a_line_says_what_the_call_comes_of_if_it_is_not_the_beginning() {
        var written = LogLines.written(
                plain,
                "dev.slipway.shop.Stock",
                log -> ScopedValue.where(CallContext.CURRENT, LogLines.CAUSED).run(() -> log.info("found")));
        assertThat(written).endsWith("found  user req=req-1 corr=order-7 cause=message-3\n");
    }

    @Test
    void a_hint_is_fit_to_be_taken_by_a_shell() {
        var command = "curl -H \"Authorization: Bearer $(./run token)\" http://localhost:8080";
        assertThat(LogLines.written(plain, "hint", log -> log.info("{}", command)))
                .isEqualTo("\nTry: " + command + "\n\n");
    }

    @Test
    void a_request_is_one_compact_line() {
        var written = LogLines.written(plain, "access", log -> {
            log.atInfo()
                    .addKeyValue("method", "GET")
                    .addKeyValue("route", "/v1/users/{id}")
                    .addKeyValue("path", "/v1/users/42")
                    .addKeyValue("status", 200)
                    .addKeyValue("ms", 1.234)
                    .addKeyValue("bytes", 512)
                    .log("GET /v1/users/42");
            log.atInfo()
                    .addKeyValue("method", "GET")
                    .addKeyValue("route", "/x")
                    .addKeyValue("status", 404)
                    .log("");
            log.atInfo()
                    .addKeyValue("method", "GRAPHQL")
                    .addKeyValue("operationName", "")
                    .addKeyValue("ms", 9.0)
                    .log("");
            log.info("not a request");
        });
        assertThat(written.lines().map(line -> line.substring(13)))
                .containsExactly(
                        "INFO  GET /v1/users/42 200 1.2 ms bytes=512",
                        "INFO  GET /x 404",
                        "INFO  GRAPHQL 9.0 ms",
                        "INFO  access           not a request");
    }

    @Test
    void text_cannot_forge_a_line_or_speak_to_the_terminal() {
        var evil = "in\n12:00:00.000 INFO  admin signed in\r\u001b[2J\u009b31m";
        var written = LogLines.written(
                plain,
                "shop",
                log -> log.atError()
                        .addKeyValue("k\n", evil)
                        .setCause(new IllegalStateException(evil))
                        .log(evil));
        assertThat(written).doesNotContain("\r", "\u001b", "\u009b");
        assertThat(written.lines().skip(1))
                .allMatch(line -> line.startsWith("java.lang.IllegalStateException: in\\n") || line.startsWith("\t"));
    }

    @Test
    void canaries_show_up_nowhere() {
        for (var canary : LogLines.canaries()) {
            var written = LogLines.written(plain, "shop", log -> {
                log.atInfo()
                        .addKeyValue("header", canary)
                        .addKeyValue("token", "canary")
                        .log("{}", canary);
                log.error("exception", new IllegalStateException(canary));
            });
            assertThat(written).as(canary).doesNotContain("canary").contains("***");
        }
        assertThat(LogLines.written(
                        plain,
                        "access",
                        log -> log.atInfo()
                                .addKeyValue("path", "/login?token=canary")
                                .addKeyValue("cookie", "canary")
                                .log("")))
                .doesNotContain("canary");
    }

    @Test
    void colour_marks_what_is_bad() {
        var written = LogLines.written(new TextLines(ZoneOffset.UTC, true), "access", log -> {
            log.error("bad");
            log.warn("odd");
            for (var status : new int[] {200, 404, 500}) {
                log.atInfo().addKeyValue("status", status).log("");
            }
        });
        assertThat(written)
                .contains("\u001b[31mERROR\u001b[0m", "\u001b[33mWARN \u001b[0m")
                .contains("\u001b[32m200\u001b[0m", "\u001b[33m404\u001b[0m", "\u001b[31m500\u001b[0m");
    }
}
