package dev.slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.CallContext;
import dev.slipway.core.Secret;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    @Test
    void a_line_says_when_how_bad_where_and_what() {
        var line = LogLines.json(log -> log.warn("stock of {} is {}", "tea", 3));
        assertThat(line.get("time")).asString().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line)
                .containsEntry("level", "WARN")
                .containsEntry("logger", "dev.slipway.Shop")
                .containsEntry("thread", Thread.currentThread().getName())
                .containsEntry("message", "stock of tea is 3")
                .doesNotContainKey("requestId")
                .doesNotContainKey("error");
    }

    @Test
    void a_thread_without_a_name_is_not_named() {
        var line = LogLines.json(log -> {
            try {
                Thread.startVirtualThread(() -> log.info("found")).join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(line.get("message")).isEqualTo("found");
        assertThat(line.containsKey("thread")).isFalse();
    }

    @Test
    void a_hint_is_what_it_is_at_a_terminal() {
        var command = "curl -H 'Authorization: Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln' http://localhost:8080";

        assertThat(LogLines.written(new JsonLines(), "hint", log -> log.info("{}", command)))
                .contains("\"message\":\"" + command + "\"");
        assertThat(LogLines.written(new JsonLines(), "other", log -> log.info("{}", command)))
                .doesNotContain("eyJ");
    }

    private static Map<String, Object> lineIn(CallContext call) {
        return LogLines.json(log -> ScopedValue.where(CallContext.CURRENT, call).run(() -> log.info("found")));
    }

    @Test
    void a_line_names_the_call_that_the_thread_serves() {
        assertThat(lineIn(LogLines.CALL))
                .containsEntry("service", "user")
                .containsEntry("operation", "getProfile")
                .containsEntry("requestId", "req-1")
                .containsEntry("correlationId", "req-1")
                .doesNotContainKey("causationId")
                .containsEntry("traceId", "4bf92f3577b34da6a3ce929d0e0e4736")
                .containsEntry("spanId", "00f067aa0ba902b7")
                .containsEntry("tenant", "acme");
    }

    @Test
    void a_line_names_what_the_call_comes_of() {
        assertThat(lineIn(LogLines.CAUSED))
                .containsEntry("requestId", "req-1")
                .containsEntry("correlationId", "order-7")
                .containsEntry("causationId", "message-3");
    }

    @Test
    void key_values_are_fields_and_keep_their_type() {
        var line = LogLines.json(log -> log.atInfo()
                .addKeyValue("status", 200)
                .addKeyValue("bytes", 5_000_000_000L)
                .addKeyValue("ms", 1.5)
                .addKeyValue("ratio", 0.5f)
                .addKeyValue("retries", (short) 2)
                .addKeyValue("price", new BigDecimal("9.90"))
                .addKeyValue("cached", true)
                .addKeyValue("nothing", (Object) null)
                .addKeyValue("infinite", Double.POSITIVE_INFINITY)
                .addKeyValue("route", "/v1/users/{id}")
                .log("request"));
        assertThat(line)
                .containsEntry("status", 200)
                .containsEntry("bytes", 5_000_000_000L)
                .containsEntry("ms", 1.5)
                .containsEntry("ratio", 0.5)
                .containsEntry("retries", 2)
                .containsEntry("price", 9.9)
                .containsEntry("cached", true)
                .containsKey("nothing")
                .containsEntry("infinite", "Infinity")
                .containsEntry("route", "/v1/users/{id}");
        assertThat(line.get("nothing")).isNull();
    }

    @Test
    void a_key_value_cannot_replace_a_field_of_the_line() {
        var line = LogLines.json(log -> log.atInfo()
                .addKeyValue("level", "DEBUG")
                .addKeyValue("message", "no")
                .log("yes"));
        assertThat(line)
                .containsEntry("level", "INFO")
                .containsEntry("message", "yes")
                .containsEntry("level_", "DEBUG")
                .containsEntry("message_", "no");
    }

    @Test
    void secrets_are_hidden_however_many_keys_there_are() {
        var many = LogLines.json(log -> {
            var event = log.atInfo();
            for (var i = 0; i < 5000; i++) {
                event = event.addKeyValue("secret" + i, "canary-7f3").addKeyValue("plain" + i, i);
            }
            event.log("many");
        });
        for (var i = 0; i < 5000; i++) {
            assertThat(many.get("secret" + i)).isEqualTo(Redaction.HIDDEN);
            assertThat(many.get("plain" + i)).isEqualTo(i);
        }
    }

    @Test
    void no_text_breaks_out_of_its_string() {
        var evil = "a\"b\\c\nd\r\te\u0000f\u001b[31mg\u0085h\u2028i\u202ej ü 茶 🍵 {\"level\":\"ERROR\"}";
        var line = LogLines.json(log -> log.atInfo().addKeyValue("k\"\n", evil).log(evil));
        assertThat(line.get("message")).isEqualTo(evil);
        assertThat(line.get("k\"\n")).isEqualTo(evil);
        assertThat(LogLines.written(new JsonLines(), "shop", log -> log.info(evil)))
                .doesNotContain("\u001b", "\u0085");
    }

    @Test
    void an_exception_is_a_field_of_bounded_length_with_its_causes() {
        var cause = new IllegalArgumentException("the cause\nwith a line of its own");
        var failure = new IllegalStateException("failed", deep(1000, cause));
        failure.addSuppressed(new IllegalStateException("on the side"));
        var line = LogLines.json(log -> log.error("oops", failure));
        var error = error(line);
        assertThat(error.get("type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.get("message")).isEqualTo("failed");
        assertThat(error.get("stack"))
                .asString()
                .startsWith("java.lang.IllegalStateException: failed\n\tat ")
                .contains(
                        "Suppressed: java.lang.IllegalStateException: on the side",
                        "Caused by: java.lang.IllegalStateException: deep",
                        " more\n")
                .contains("Caused by: java.lang.IllegalArgumentException: the cause")
                .hasSizeLessThan(10_000);
        assertThat(error(LogLines.json(log -> log.error("oops", cause))).get("stack"))
                .asString()
                .contains("the cause\\nwith a line of its own\n\tat ");
    }

    @Test
    void exceptions_that_cause_each_other_come_to_an_end() {
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second", first);
        first.initCause(second);
        assertThat(error(LogLines.json(log -> log.error("oops", second))).get("message"))
                .isEqualTo("second");
    }

    @Test
    void an_exception_without_a_message_has_none() {
        var error = error(LogLines.json(log -> log.error("oops", new IllegalStateException())));
        assertThat(error.containsKey("message")).isFalse();
    }

    @Test
    void canaries_show_up_nowhere() {
        for (var canary : LogLines.canaries()) {
            var written = LogLines.written(new JsonLines(), "shop", log -> {
                log.info(canary);
                log.info("argument {}", canary);
                log.atInfo().addKeyValue("header", canary).log("key-value");
                log.error("exception", new IllegalStateException(canary, new IllegalArgumentException(canary)));
            });
            assertThat(written).as(canary).doesNotContain("canary").contains("***");
        }
        assertThat(LogLines.written(
                        new JsonLines(),
                        "shop",
                        log -> log.atInfo()
                                .addKeyValue("userPassword", "canary")
                                .addKeyValue("Cookie", "canary")
                                .addKeyValue("apiKey", List.of("canary"))
                                .addKeyValue("key", new Secret("canary"))
                                .addArgument(new Secret("canary"))
                                .log("secret {}")))
                .doesNotContain("canary");
    }

    @Test
    void a_text_of_any_length_is_cut() {
        assertThat(LogLines.json(log -> log.info("x".repeat(1_000_000))).get("message"))
                .asString()
                .hasSize(16 * 1024 + 1)
                .endsWith("…");
    }

    private static Map<?, ?> error(Map<?, ?> line) {
        return Objects.requireNonNull((Map<?, ?>) line.get("error"));
    }

    private static RuntimeException deep(int depth, RuntimeException cause) {
        return depth == 0 ? new IllegalStateException("deep", cause) : deep(depth - 1, cause);
    }
}
