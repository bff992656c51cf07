package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class TokenTest {

    private final Terminal terminal = new Terminal(Path.of("").toAbsolutePath());

    private static Map<?, ?> parsed(String json) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(json);
    }

    private static Map<?, ?> decoded(String part) {
        return parsed(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private static long number(Map<?, ?> claims, String name) {
        return Long.parseLong(String.valueOf(claims.get(name)));
    }

    /// Reads `x` as RFC 8032 encodes a point: little-endian, the sign of the other coordinate in the highest bit.
    private static PublicKey publicKey() throws IOException, GeneralSecurityException {
        try (InputStream in = Objects.requireNonNull(Slipway.class.getResourceAsStream("development-key.json"))) {
            var jwk = parsed(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            byte[] x = Base64.getUrlDecoder().decode(String.valueOf(jwk.get("x")));
            boolean odd = (x[31] & 0x80) != 0;
            x[31] &= 0x7f;
            byte[] bigEndian = new byte[32];
            for (int i = 0; i < 32; i++) {
                bigEndian[i] = x[31 - i];
            }
            var point = new EdECPoint(odd, new BigInteger(1, bigEndian));
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
        }
    }

    @Test
    void the_published_key_verifies_the_token() throws IOException, GeneralSecurityException {
        assertThat(terminal.call("token")).isZero();
        String[] parts = terminal.out().strip().split("\\.");
        assertThat(parts).hasSize(3);
        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(publicKey());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void header_and_claims_are_those_that_services_expect() {
        assertThat(terminal.call(
                        "token",
                        "--subject",
                        "ada",
                        "--roles",
                        "admin,reader",
                        "--tenant",
                        "acme",
                        "--ttl",
                        "15m",
                        "--audience",
                        "x"))
                .isZero();
        String[] parts = terminal.out().strip().split("\\.");
        long now = Terminal.NOW.getEpochSecond();
        assertThat(decoded(parts[0])).isEqualTo(Map.of("alg", "EdDSA", "typ", "at+jwt", "kid", "slipway-development"));
        Map<?, ?> claims = decoded(parts[1]);
        assertThat(claims.get("iss")).isEqualTo("slipway-development");
        assertThat(claims.get("aud")).isEqualTo("x");
        assertThat(claims.get("sub")).isEqualTo("ada");
        assertThat(claims.get("roles")).isEqualTo(List.of("admin", "reader"));
        assertThat(claims.get("tenant")).isEqualTo("acme");
        assertThat(number(claims, "iat")).isEqualTo(now);
        assertThat(number(claims, "nbf")).isEqualTo(now);
        assertThat(number(claims, "exp")).isEqualTo(now + 900);
        assertThat(String.valueOf(claims.get("jti"))).hasSizeGreaterThan(16);
    }

    @Test
    void nothing_is_claimed_that_was_not_asked_for() {
        assertThat(terminal.call("token")).isZero();
        Map<?, ?> claims = decoded(terminal.out().split("\\.")[1]);
        assertThat(claims.get("aud")).isEqualTo("slipway");
        assertThat(claims.get("roles")).isEqualTo(List.of());
        assertThat(claims.containsKey("tenant")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"45s,45", "1h,3600", "30d,2592000"})
    void a_time_to_live_has_a_unit(String ttl, long seconds) {
        assertThat(terminal.call("token", "--ttl", ttl)).isZero();
        Map<?, ?> claims = decoded(terminal.out().split("\\.")[1]);
        assertThat(number(claims, "exp")).isEqualTo(Terminal.NOW.getEpochSecond() + seconds);
    }

    @Test
    void a_token_is_for_somebody() {
        assertThat(terminal.call("token", "--subject", " ")).isEqualTo(2);
        assertThat(terminal.err()).contains("The subject is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "-1h", "1", "h", "31d", "1w", "9999999h", ""})
    void any_other_time_to_live_is_refused(String ttl) {
        assertThat(terminal.call("token", "--ttl", ttl)).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).contains("at most 30d");
    }
}
