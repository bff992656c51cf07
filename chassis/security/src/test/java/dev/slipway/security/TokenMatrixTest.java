package dev.slipway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.impl.HMAC;
import com.nimbusds.jose.util.Base64URL;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.testkit.MovableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The token matrix: what is wrong with a token, and where it is refused. RFC 8725 explains most of the attacks.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenMatrixTest {
    private static final String ED = "Ed25519";

    private final MovableClock clock = MovableClock.atNoon();
    private TestIssuer issuer;
    private TestService service;
    private int requestsBefore;

    @BeforeAll
    void start() throws Exception {
        issuer = new TestIssuer(clock);
        service = TestService.start(TestService.settingsFor(issuer, "test"), clock);
    }

    @AfterAll
    void stop() {
        service.close();
        issuer.close();
    }

    @BeforeEach
    void count() {
        requestsBefore = issuer.requests.get();
    }

    @AfterEach
    void nothing_was_fetched() {
        assertThat(issuer.requests).hasValue(requestsBefore);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void a_bad_token_is_refused_without_saying_why(String name, TokenFault reason, Function<TestIssuer, String> token) {
        isRefused(reason, List.of("Bearer " + token.apply(issuer)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badHeaders")
    void a_bad_header_is_refused_without_saying_why(
            String name, TokenFault reason, Function<TestIssuer, List<String>> values) {
        isRefused(reason, values.apply(issuer));
    }

    /// Whatever the letters: an answer, never a bug. What the random change leaves valid is accepted.
    @Test
    void a_token_with_random_changes_breaks_nothing() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var header = issuer.token().headerJson();
        var claims = issuer.token().claimsJson();
        for (var i = 0; i < 3000; i++) {
            var inHeader = random.nextBoolean();
            var token = issuer.sign(
                    inHeader ? changed(header, random) : header, inHeader ? claims : changed(claims, random));
            try {
                service.authenticate(token);
            } catch (ProblemException e) {
                assertThat(e.problem().code()).as("seed %d", seed).isEqualTo("invalid-token");
            }
        }
    }

    private static String changed(String json, Random random) {
        var letters = "{}[]\":,0123456789-.eEnull\\u \u0000\u00e4\ud800";
        var changed = new StringBuilder(json);
        for (var i = random.nextInt(1, 4); i > 0; i--) {
            var letter = letters.charAt(random.nextInt(letters.length()));
            var position = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(position, letter);
                case 1 -> changed.insert(position, letter);
                default -> changed.delete(position, position + random.nextInt(5));
            }
        }
        return changed.toString();
    }

    private void isRefused(TokenFault reason, List<String> values) {
        var before = refusals();
        var refused = catchThrowableOfType(ProblemException.class, () -> service.authenticateValues(values));
        assertThat(refused).isNotNull();
        assertThat(refused.problem())
                .isEqualTo(Problem.of(Problem.Kind.UNAUTHENTICATED, "invalid-token", "The access token is not valid."));
        var after = refusals();
        assertThat(after.entrySet().stream()
                        .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0.0))
                        .map(Map.Entry::getKey))
                .containsExactly(reason.slug());
    }

    private Map<String, Double> refusals() {
        return service.meters.find("security.tokens.refused").counters().stream()
                .collect(Collectors.toMap(
                        counter -> String.valueOf(counter.getId().getTag("reason")), counter -> counter.count()));
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                header(
                        "two headers",
                        TokenFault.SEVERAL_HEADERS,
                        it -> List.of(
                                "Bearer " + it.token().sign(),
                                "Bearer " + it.token().sign())),
                header(
                        "two tokens in one header",
                        TokenFault.MALFORMED,
                        it -> List.of("Bearer " + it.token().sign() + ", Bearer "
                                + it.token().sign())),
                header("empty", TokenFault.NOT_BEARER, it -> List.of("")),
                header("basic", TokenFault.NOT_BEARER, it -> List.of("Basic YWRhOnNlY3JldA==")),
                header(
                        "no scheme",
                        TokenFault.NOT_BEARER,
                        it -> List.of(it.token().sign())),
                header("scheme alone", TokenFault.NOT_BEARER, it -> List.of("Bearer")),
                header("no token", TokenFault.MALFORMED, it -> List.of("Bearer ")),
                header(
                        "blank before the token",
                        TokenFault.MALFORMED,
                        it -> List.of("Bearer  " + it.token().sign())),
                header(
                        "blank after the token",
                        TokenFault.MALFORMED,
                        it -> List.of("Bearer " + it.token().sign() + " ")));
    }

    static Stream<Arguments> badTokens() {
        return Stream.of(algorithms(), keys(), claims(), shapes()).flatMap(Function.identity());
    }

    private static Stream<Arguments> algorithms() {
        return Stream.of(
                bad(
                        "alg none",
                        TokenFault.MALFORMED,
                        it -> it.token().header("alg", "none").unsigned() + "."),
                bad(
                        "alg None",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("alg", "None").unsigned() + "."),
                bad(
                        "alg nOnE",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("alg", "nOnE").unsigned() + "."),
                bad(
                        "alg none, signed",
                        TokenFault.MALFORMED,
                        it -> it.token().header("alg", "none").sign()),
                bad(
                        "no alg",
                        TokenFault.MALFORMED,
                        it -> it.token().without("alg").sign()),
                bad(
                        "alg empty",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("alg", "").sign()),
                bad(
                        "alg a number",
                        TokenFault.MALFORMED,
                        it -> it.token().header("alg", 1).sign()),
                bad(
                        "alg in other letters",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("alg", "eddsa").sign()),
                bad(
                        "alg unknown",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("alg", "XS256").sign()),
                bad(
                        "RS512",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token()
                                .header("alg", "RS512")
                                .header("kid", "rsa")
                                .signWith("SHA512withRSA", it.rsa)),
                bad(
                        "HS256 with the RSA key as a secret",
                        TokenFault.WRONG_ALGORITHM,
                        it -> hs256(
                                it.token().header("alg", "HS256").header("kid", "rsa"),
                                it.rsa.getPublic().getEncoded())),
                bad(
                        "HS256 with the Ed25519 key as a secret",
                        TokenFault.WRONG_ALGORITHM,
                        it -> hs256(
                                it.token().header("alg", "HS256"),
                                it.ed25519.getPublic().getEncoded())),
                bad(
                        "ES256 with r = s = 0",
                        TokenFault.WRONG_SIGNATURE,
                        it -> it.token()
                                        .header("alg", "ES256")
                                        .header("kid", "ec")
                                        .unsigned() + "." + Base64URL.encode(new byte[64])),
                bad(
                        "ES256 in DER",
                        TokenFault.WRONG_SIGNATURE,
                        it -> it.token()
                                .header("alg", "ES256")
                                .header("kid", "ec")
                                .signWith("SHA256withECDSA", it.p256)),
                bad(
                        "EdDSA announced, ES256 key",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("kid", "ec").sign()),
                bad(
                        "RS256 announced, Ed25519 key",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token().header("alg", "RS256").signWith("SHA256withRSA", it.rsa)),
                bad(
                        "ES256 announced, RSA key",
                        TokenFault.WRONG_ALGORITHM,
                        it -> it.token()
                                .header("alg", "ES256")
                                .header("kid", "rsa")
                                .signWith("SHA256withECDSAinP1363Format", it.p256)));
    }

    private static Stream<Arguments> keys() {
        return Stream.of(
                bad(
                        "no kid",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token().without("kid").sign()),
                bad(
                        "unknown kid",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token().header("kid", "other").sign()),
                bad(
                        "kid empty",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token().header("kid", "").sign()),
                bad(
                        "kid a list",
                        TokenFault.MALFORMED,
                        it -> it.token().header("kid", List.of("ed")).sign()),
                bad(
                        "kid a path",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token().header("kid", "../../../dev/null").sign()),
                bad(
                        "kid SQL",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token().header("kid", "ed' UNION SELECT 'x").sign()),
                bad(
                        "kid a URL",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token().header("kid", it.url().toString()).sign()),
                bad("brings its key (jwk)", TokenFault.FORBIDDEN_HEADER, it -> {
                    var own = TestIssuer.generate(ED, 0);
                    return it.token()
                            .header("jwk", TestIssuer.jwk("own", own).toJSONObject())
                            .signWith(ED, own);
                }),
                bad(
                        "names where its key is (jku)",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> it.token().header("jku", it.url().toString()).sign()),
                bad(
                        "names where its certificate is (x5u)",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> it.token().header("x5u", it.url().toString()).sign()),
                bad(
                        "brings its certificate (x5c)",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> it.token().header("x5c", List.of("AA==")).sign()),
                bad(
                        "unknown crit",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> it.token()
                                .header("crit", List.of("exp"))
                                .header("exp", 1)
                                .sign()),
                bad(
                        "payload not encoded (b64)",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> it.token()
                                .header("b64", false)
                                .header("crit", List.of("b64"))
                                .sign()),
                bad(
                        "another's key",
                        TokenFault.WRONG_SIGNATURE,
                        it -> it.token().signWith(ED, TestIssuer.generate(ED, 0))),
                bad("claims changed", TokenFault.WRONG_SIGNATURE, it -> {
                    var signature =
                            it.token().sign().substring(it.token().sign().lastIndexOf('.'));
                    return it.token().claim("sub", "eve").unsigned() + signature;
                }),
                bad("no signature", TokenFault.WRONG_SIGNATURE, it -> it.token().unsigned() + "."),
                bad(
                        "signature too long",
                        TokenFault.WRONG_SIGNATURE,
                        it -> it.token().unsigned() + "." + Base64URL.encode(new byte[1000])));
    }

    private static Stream<Arguments> claims() {
        return Stream.of(
                bad(
                        "expired",
                        TokenFault.EXPIRED,
                        it -> it.token().expiresIn(-30).sign()),
                bad(
                        "no exp",
                        TokenFault.EXPIRED,
                        it -> it.token().without("exp").sign()),
                bad(
                        "exp a string",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("exp", "4000000000").sign()),
                bad(
                        "exp null",
                        TokenFault.EXPIRED,
                        it -> it.signClaims(it.token().claimsJson().replaceAll("\"exp\":\\d+", "\"exp\":null"))),
                bad(
                        "exp infinite",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson().replaceAll("\"exp\":\\d+", "\"exp\":1e999"))),
                bad(
                        "exp negative",
                        TokenFault.EXPIRED,
                        it -> it.token().claim("exp", Long.MIN_VALUE).sign()),
                bad(
                        "not valid yet",
                        TokenFault.NOT_YET_VALID,
                        it -> it.token().claim("nbf", 4_000_000_000L).sign()),
                bad(
                        "other issuer",
                        TokenFault.UNKNOWN_ISSUER,
                        it -> it.token().claim("iss", "https://evil.example").sign()),
                bad(
                        "issuer with a slash",
                        TokenFault.UNKNOWN_ISSUER,
                        it -> it.token().claim("iss", TestIssuer.ISSUER + "/").sign()),
                bad(
                        "no issuer",
                        TokenFault.UNKNOWN_ISSUER,
                        it -> it.token().without("iss").sign()),
                bad(
                        "issuers in a list",
                        TokenFault.MALFORMED,
                        it -> it.token()
                                .claim("iss", List.of(TestIssuer.ISSUER))
                                .sign()),
                bad(
                        "development issuer, other key",
                        TokenFault.UNKNOWN_KEY,
                        it -> it.token()
                                .claim("iss", "slipway-development")
                                .claim("aud", "slipway")
                                .sign()),
                bad(
                        "development issuer and kid, other key",
                        TokenFault.WRONG_SIGNATURE,
                        it -> it.token()
                                .claim("iss", "slipway-development")
                                .claim("aud", "slipway")
                                .header("kid", "slipway-development")
                                .sign()),
                bad(
                        "other audience",
                        TokenFault.WRONG_AUDIENCE,
                        it -> it.token().claim("aud", "bank").sign()),
                bad(
                        "other audiences",
                        TokenFault.WRONG_AUDIENCE,
                        it -> it.token().claim("aud", List.of("a", "b")).sign()),
                bad(
                        "no audience",
                        TokenFault.WRONG_AUDIENCE,
                        it -> it.token().without("aud").sign()),
                bad(
                        "audience a number",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("aud", 1).sign()),
                bad(
                        "an id token",
                        TokenFault.WRONG_TYPE,
                        it -> it.token().header("typ", "JWT").sign()),
                bad(
                        "no typ",
                        TokenFault.WRONG_TYPE,
                        it -> it.token().without("typ").sign()),
                bad(
                        "no subject",
                        TokenFault.NO_SUBJECT,
                        it -> it.token().without("sub").sign()),
                bad(
                        "blank subject",
                        TokenFault.NO_SUBJECT,
                        it -> it.token().claim("sub", " ").sign()),
                bad(
                        "subject a number",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("sub", 1).sign()),
                bad(
                        "subject with U+0000",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson().replace("\"ada\"", "\"a\\u0000\""))),
                bad(
                        "subject with half a character",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson().replace("\"ada\"", "\"a\\ud800\""))),
                bad(
                        "tenant with U+0000",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson().replace("{", "{\"tenant\":\"a\\u0000\","))),
                bad(
                        "role with half a character",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson().replace("{", "{\"roles\":[\"\\udc00\"],"))),
                bad(
                        "subject that is no UTF-8",
                        TokenFault.MALFORMED,
                        it -> it.sign(
                                it.token().headerJson(),
                                it.token().claim("sub", "\u00e4da").claimsJson().getBytes(StandardCharsets.ISO_8859_1),
                                ED,
                                it.ed25519)),
                bad(
                        "roles a string",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("roles", "admin").sign()),
                bad(
                        "roles not strings",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("roles", List.of(1)).sign()),
                bad(
                        "permissions a map",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("permissions", Map.of()).sign()),
                bad(
                        "tenant a list",
                        TokenFault.MALFORMED,
                        it -> it.token().claim("tenant", List.of("a")).sign()),
                bad(
                        "claim twice",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson().replace("{", "{\"sub\":\"eve\","))),
                bad(
                        "header twice",
                        TokenFault.MALFORMED,
                        it -> it.sign(
                                it.token().headerJson().replace("{", "{\"kid\":\"ec\","),
                                it.token().claimsJson())));
    }

    private static Stream<Arguments> shapes() {
        return Stream.of(
                bad(
                        "compressed",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> it.token().header("zip", "DEF").sign()),
                bad(
                        "a compressed bomb",
                        TokenFault.FORBIDDEN_HEADER,
                        it -> Base64URL.encode(it.token().header("zip", "DEF").headerJson()) + "."
                                + Base64URL.encode(bomb()) + "." + Base64URL.encode(new byte[64])),
                bad(
                        "more than 8 KB",
                        TokenFault.TOO_LARGE,
                        it -> it.token().claim("x", "x".repeat(8192)).sign()),
                bad(
                        "deeply nested",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token()
                                .claimsJson()
                                .replaceFirst("}$", ",\"x\":" + "[".repeat(2000) + "]".repeat(2000) + "}"))),
                bad("one part", TokenFault.MALFORMED, it -> "token"),
                bad("two parts", TokenFault.MALFORMED, it -> it.token().unsigned()),
                bad(
                        "five parts, encrypted",
                        TokenFault.MALFORMED,
                        it -> it.token().sign() + ".AA.AA"),
                bad("empty parts", TokenFault.MALFORMED, it -> ".."),
                bad("not base64", TokenFault.MALFORMED, it -> it.token().sign().replace('.', '!')),
                bad(
                        "base64 with padding",
                        TokenFault.MALFORMED,
                        it -> it.token().sign() + "="),
                bad(
                        "base64 of the other alphabet",
                        TokenFault.MALFORMED,
                        it -> it.token().unsigned() + ".+/+/"),
                bad(
                        "base64 not canonical",
                        TokenFault.MALFORMED,
                        it -> it.token().unsigned() + ".AB"),
                bad(
                        "header no JSON",
                        TokenFault.MALFORMED,
                        it -> it.sign("header", it.token().claimsJson())),
                bad(
                        "header a list",
                        TokenFault.MALFORMED,
                        it -> it.sign("[]", it.token().claimsJson())),
                bad("claims no JSON", TokenFault.MALFORMED, it -> it.signClaims("ada")),
                bad(
                        "header null",
                        TokenFault.MALFORMED,
                        it -> it.sign("null", it.token().claimsJson())),
                bad("claims null", TokenFault.MALFORMED, it -> it.signClaims("null")),
                bad(
                        "text after the claims",
                        TokenFault.MALFORMED,
                        it -> it.signClaims(it.token().claimsJson() + "{}")));
    }

    private static Arguments bad(String name, TokenFault reason, Function<TestIssuer, String> token) {
        return Arguments.of(name, reason, token);
    }

    private static Arguments header(String name, TokenFault reason, Function<TestIssuer, List<String>> values) {
        return Arguments.of(name, reason, values);
    }

    private static String hs256(TestIssuer.Token token, byte[] secret) {
        try {
            var signed = token.unsigned();
            var key = new SecretKeySpec(secret, "HmacSHA256");
            return signed + "." + Base64URL.encode(HMAC.compute(key, signed.getBytes(StandardCharsets.US_ASCII), null));
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bomb() {
        var compressed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(compressed)) {
            deflater.write(new byte[1_000_000]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return compressed.toByteArray();
    }
}
