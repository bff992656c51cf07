package dev.slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private final Redaction redaction = new Redaction();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/users/42",
                "user is ready: http http://localhost:8080, management http://localhost:9090",
                "the token was refused",
                "order 4711: 3 lines, total=12.90 EUR",
                "bearer of bad news",
                "at 12:00:01 in a=b, c=d",
                "https://login.example/jwks has the keys [ed]"
            })
    void what_is_no_secret_stays(String text) {
        assertThat(redaction.redact(text)).isEqualTo(text);
    }

    @Test
    void what_surrounds_a_secret_stays() {
        assertThat(redaction.redact("login of ada with password=hunter2, from 10.0.0.1"))
                .isEqualTo("login of ada with password=***, from 10.0.0.1");
        assertThat(redaction.redact("jdbc:postgresql://shop:pw@db/shop refused"))
                .isEqualTo("jdbc:postgresql://shop:***@db/shop refused");
    }

    @Test
    void keys_are_told_by_their_names() {
        assertThat(Stream.of("password", "dbPasswd", "X-Api-Key", "api_key", "accessToken", "Set-Cookie", "privateKey"))
                .allMatch(redaction::isSensitive);
        assertThat(Stream.of("method", "path", "caller", "key", "pass", "author"))
                .noneMatch(redaction::isSensitive);
    }

    /// A pattern that backtracks would take minutes for these.
    @ParameterizedTest
    @MethodSource("nastyTexts")
    void no_text_keeps_the_patterns_busy(String text) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> redaction.redact(text));
    }

    static Stream<String> nastyTexts() {
        return Stream.of(
                        "token",
                        "://",
                        "://a",
                        "eyJ",
                        "eyJaaaa.",
                        "bearer ",
                        "=",
                        "a:",
                        "token ",
                        "cookie\" ",
                        "password\"\t")
                .map(part -> "=: earer " + part.repeat(16_000 / part.length()));
    }
}
