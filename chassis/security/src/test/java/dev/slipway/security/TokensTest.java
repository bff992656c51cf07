package dev.slipway.security;

import static dev.slipway.security.TestIssuer.jwk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.RSAKey;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.core.SettingsException;
import dev.slipway.core.StartException;
import dev.slipway.testkit.MovableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final Caller ADA = caller("ada", Optional.empty(), Set.of(), Set.of());

    private static Caller caller(String subject, Optional<String> tenant, Set<String> roles, Set<String> permissions) {
        return new Caller.Authenticated(subject, TestIssuer.ISSUER, subject, tenant, roles, permissions);
    }

    private final MovableClock clock = MovableClock.atNoon();
    private TestIssuer issuer;

    @BeforeEach
    void open() throws IOException {
        issuer = new TestIssuer(clock);
    }

    @AfterEach
    void close() {
        issuer.close();
    }

    @Test
    void who_sends_nothing_is_anonymous() throws Exception {
        try (var service = start("production")) {
            assertThat(service.authenticateValues(List.of())).isEqualTo(new Caller.Anonymous());
        }
    }

    @Test
    void the_same_subject_of_two_issuers_is_two_callers() throws Exception {
        var second = "https://partner.example";
        var settings = TestService.settingsFor(issuer, "production")
                .replace(
                        "  role-",
                        "    - issuer: %s\n      jwks-url: %s\n      audience: [shop]\n  role-"
                                .formatted(second, issuer.url()));
        try (var service = TestService.start(settings, clock)) {
            var own = service.authenticate(issuer.token().sign());
            var partner =
                    service.authenticate(issuer.token().claim("iss", second).sign());
            assertThat(own).isEqualTo(ADA);
            assertThat(own.id()).isEqualTo("ada");
            assertThat(partner.id()).isEqualTo(second + "#ada");
            assertThat(partner).isInstanceOfSatisfying(Caller.Authenticated.class, known -> {
                assertThat(known.issuer()).isEqualTo(second);
                assertThat(known.subject()).isEqualTo("ada");
            });
            // What a subject is called must not make it somebody else.
            assertThat(service.authenticate(
                                    issuer.token().claim("sub", second + "#ada").sign())
                            .id())
                    .isNotEqualTo(partner.id());
            assertThat(service.authenticate(
                                    issuer.token().claim("sub", "anonymous").sign())
                            .id())
                    .isNotEqualTo(new Caller.Anonymous().id());
        }
    }

    @Test
    void each_algorithm_is_accepted_with_its_key() throws Exception {
        try (var service = start("production")) {
            assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
            assertThat(service.authenticate(issuer.token().es256())).isEqualTo(ADA);
            assertThat(service.authenticate(issuer.token().rs256())).isEqualTo(ADA);
        }
    }

    @Test
    void an_algorithm_that_is_not_on_the_list_is_refused_though_its_key_is_known() throws Exception {
        var settings =
                TestService.settingsFor(issuer, "production").replace("  role-", "      algorithms: ES256\n  role-");
        try (var service = TestService.start(settings, clock)) {
            assertThat(service.authenticate(issuer.token().es256())).isEqualTo(ADA);
            isInvalid(service, issuer.token().sign());
        }
    }

    @Test
    void the_caller_has_the_tokens_roles_and_permissions_and_those_of_its_roles() throws Exception {
        try (var service = start("production")) {
            var token = issuer.token()
                    .claim("roles", List.of("clerk", "guest"))
                    .claim("permissions", List.of("users:read"))
                    .claim("tenant", "acme")
                    .sign();
            assertThat(service.authenticate(token))
                    .isEqualTo(caller(
                            "ada",
                            Optional.of("acme"),
                            Set.of("clerk", "guest"),
                            Set.of("users:read", "orders:read", "orders:cancel")));
        }
    }

    @Test
    void tokens_with_many_roles_take_no_more_memory_than_the_settings_say() throws Exception {
        var settings = TestService.settingsFor(issuer, "production").replace("  role-", "  cache-size: 64KB\n  role-");
        var roles = IntStream.range(0, 100).mapToObj(i -> "r" + i).toList();
        try (var service = TestService.start(settings, clock)) {
            for (var i = 0; i < 50; i++) {
                service.authenticate(issuer.token()
                        .claim("sub", "stranger" + i)
                        .claim("roles", roles)
                        .sign());
            }

            // A text of a few letters takes at least 56 bytes in a set.
            assertThat(service.remembered() * roles.size() * 56).isPositive().isLessThanOrEqualTo(64 * 1024);
        }
    }

    @Test
    void one_audience_of_several_is_enough() throws Exception {
        try (var service = start("production")) {
            assertThat(service.authenticate(issuer.token()
                            .claim("aud", List.of("bank", "backup"))
                            .sign()))
                    .isEqualTo(ADA);
        }
    }

    @Test
    void the_type_may_be_written_as_a_media_type_and_the_scheme_in_any_case() throws Exception {
        try (var service = start("production")) {
            var token = issuer.token().header("typ", "application/AT+jwt").sign();
            assertThat(service.authenticateValues(List.of("bearer " + token))).isEqualTo(ADA);
        }
    }

    @Test
    void another_type_is_accepted_where_it_is_configured() throws Exception {
        var settings = TestService.settingsFor(issuer, "production").replace("  role-", "      types: JWT\n  role-");
        try (var service = TestService.start(settings, clock)) {
            assertThat(service.authenticate(issuer.token().header("typ", "JWT").sign()))
                    .isEqualTo(ADA);
            isInvalid(service, issuer.token().sign());
        }
    }

    @Test
    void clocks_may_differ_by_the_skew() throws Exception {
        try (var service = start("production")) {
            var now = clock.instant().getEpochSecond();
            assertThat(service.authenticate(issuer.token().expiresIn(-29).sign()))
                    .isEqualTo(ADA);
            assertThat(service.authenticate(
                            issuer.token().claim("nbf", now + 30).sign()))
                    .isEqualTo(ADA);
            isInvalid(service, issuer.token().claim("nbf", now + 31).sign());
        }
    }

    @Test
    void a_token_that_was_accepted_expires_all_the_same() throws Exception {
        try (var service = start("production")) {
            var token = issuer.token().expiresIn(20).sign();
            assertThat(service.authenticate(token)).isEqualTo(ADA);
            clock.pass(Duration.ofSeconds(49));
            assertThat(service.authenticate(token)).isEqualTo(ADA);
            clock.pass(Duration.ofSeconds(1));
            isInvalid(service, token);
        }
    }

    @Test
    void a_new_key_is_found_when_its_first_token_comes() throws Exception {
        try (var service = start("production")) {
            var next = TestIssuer.generate("Ed25519", 0);
            issuer.publish(jwk("ed", issuer.ed25519), jwk("next", next));
            clock.pass(FetchedKeys.LEAST_INTERVAL);
            assertThat(service.authenticate(issuer.token().header("kid", "next").signWith("Ed25519", next)))
                    .isEqualTo(ADA);
            assertThat(issuer.requests).hasValue(2);
        }
    }

    @Test
    void a_clock_that_is_set_back_keeps_no_new_key_out() throws Exception {
        try (var service = start("production")) {
            var next = TestIssuer.generate("Ed25519", 0);
            issuer.publish(jwk("ed", issuer.ed25519), jwk("next", next));
            clock.pass(Duration.ofHours(-1));
            assertThat(service.authenticate(issuer.token().header("kid", "next").signWith("Ed25519", next)))
                    .isEqualTo(ADA);
        }
    }

    @Test
    void a_wrong_entry_of_a_key_set_is_left_out_alone() throws Exception {
        try (var service = start("production")) {
            var good = jwk("ed", issuer.ed25519).toJSONString();
            for (var wrong : List.of(
                    "null",
                    "[]",
                    "{}",
                    "{\"kty\":null}",
                    "{\"kty\":\"RSA\",\"kid\":\"r\",\"e\":\"AQAB\"}",
                    "{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
                    "{\"kty\":\"OKP\",\"kid\":\"o\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
                    good.replace("\"ed\"", "7"),
                    good.replace("\"kid\"", "\"use\":\"sig\",\"key_ops\":[\"encrypt\"],\"kid\""))) {
                issuer.publishText("{\"keys\":[" + wrong + "," + good + "]}");
                clock.pass(FetchedKeys.LEAST_INTERVAL);
                isInvalid(service, issuer.token().header("kid", "makes it look").sign());
                assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
                assertThat(service.health())
                        .as(wrong)
                        .contains("1 keys of ")
                        .containsAnyOf("without a key that is not valid", "without an entry that is no key");
            }
            assertThat(service.fetches("failed")).isZero();

            issuer.publishText("{\"keys\":[{\"kty\":\"AKP\",\"kid\":\"later\"}," + good + "]}");
            clock.pass(FetchedKeys.LEAST_INTERVAL);
            isInvalid(service, issuer.token().header("kid", "makes it look").sign());
            assertThat(service.health()).contains("1 keys of ").doesNotContain("without");
        }
    }

    @Test
    void a_token_that_was_accepted_is_refused_once_its_key_is_retired() throws Exception {
        try (var service = start("production")) {
            var token = issuer.token().sign();
            assertThat(service.authenticate(token)).isEqualTo(ADA);
            issuer.publish(jwk("ec", issuer.p256));
            clock.pass(FetchedKeys.LEAST_INTERVAL);
            isInvalid(service, issuer.token().header("kid", "makes it look").sign());
            isInvalid(service, token);
        }
    }

    @Test
    void ten_thousand_random_key_ids_cause_few_fetches_and_touch_no_valid_caller() throws Exception {
        try (var service = start("production")) {
            var valid = issuer.token().expiresIn(3600).sign();
            var seconds = 100;
            for (var second = 0; second < seconds; second++) {
                for (var i = 0; i < 100; i++) {
                    isInvalid(
                            service,
                            issuer.token()
                                            .header("kid", "random " + second + " " + i)
                                            .unsigned() + ".AAAA");
                }
                assertThat(service.authenticate(valid)).isEqualTo(ADA);
                clock.pass(Duration.ofSeconds(1));
            }
            assertThat(issuer.requests.get())
                    .isLessThanOrEqualTo(1 + seconds / (int) FetchedKeys.LEAST_INTERVAL.toSeconds());
        }
    }

    @Test
    void callers_who_come_at_once_with_a_new_key_share_one_fetch() throws Exception {
        try (var service = start("production")) {
            var next = TestIssuer.generate("Ed25519", 0);
            issuer.publish(jwk("next", next));
            clock.pass(FetchedKeys.LEAST_INTERVAL);
            var token = issuer.token().header("kid", "next").signWith("Ed25519", next);
            assertThat(IntStream.range(0, 50).parallel().mapToObj(i -> service.authenticate(token)))
                    .hasSize(50)
                    .containsOnly(ADA);
            assertThat(issuer.requests).hasValue(2);
        }
    }

    @Test
    void keys_outlive_an_outage_of_the_issuer_for_a_while() throws Exception {
        try (var service = start("production")) {
            issuer.answer(500);
            clock.pass(Duration.ofHours(12));
            assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
            assertThat(service.health()).contains("\"tokens\":{\"status\":\"up\"");
            clock.pass(Duration.ofSeconds(1));
            isUnavailable(service, issuer.token().sign());
            assertThat(service.health()).contains("\"tokens\":{\"status\":\"down\"");
            issuer.answer(200);
            clock.pass(FetchedKeys.LEAST_INTERVAL);
            assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
            assertThat(service.fetches("failed")).isEqualTo(1);
            assertThat(service.fetches("ok")).isEqualTo(2);
        }
    }

    @Test
    void while_there_never_were_keys_nobody_is_told_that_their_token_is_bad() throws Exception {
        issuer.answer(503);
        try (var service = start("production")) {
            isUnavailable(service, issuer.token().sign());
            assertThat(service.health()).contains("\"tokens\":{\"status\":\"down\"");
        }
    }

    @Test
    void a_key_set_that_is_too_large_or_none_at_all_is_not_taken() throws Exception {
        try (var service = start("production")) {
            for (var text :
                    List.of("x".repeat(300_000), "<html>", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"OKP\"}]}")) {
                issuer.publishText(text);
                clock.pass(FetchedKeys.LEAST_INTERVAL);
                isInvalid(service, issuer.token().header("kid", "makes it look").sign());
                assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
            }
            assertThat(service.fetches("failed")).isEqualTo(5);
        }
    }

    @Test
    @Timeout(60)
    void an_issuer_that_never_answers_does_not_keep_the_service_from_starting() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var settings = TestService.settingsFor(issuer, "test")
                    .replace(issuer.url().toString(), "http://localhost:" + silent.getLocalPort() + "/jwks");
            try (var service = TestService.start(settings, clock)) {
                assertThat(service.fetches("failed")).isEqualTo(1);
            }
        }
    }

    @Test
    void keys_come_from_a_file_too(@TempDir Path folder) throws Exception {
        var file = folder.resolve("keys.json");
        Files.writeString(file, "{\"keys\":[" + jwk("ed", issuer.ed25519).toJSONString() + "]}");
        try (var service = TestService.start(withFile(file, "production"), clock)) {
            assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
            assertThat(issuer.requests).hasValue(0);
        }
    }

    @Test
    void a_file_that_is_of_no_use_stops_the_start(@TempDir Path folder) throws Exception {
        var file = folder.resolve("keys.json");
        refusesToStart(withFile(file, "production"), "cannot be read");
        Files.writeString(file, "nothing");
        refusesToStart(withFile(file, "production"), "is not a JWK set");
        var weak = (RSAPublicKey) TestIssuer.generate("RSA", 1024).getPublic();
        Files.writeString(
                file,
                "{\"keys\":[" + new RSAKey.Builder(weak).keyID("weak").build().toJSONString() + "]}");
        refusesToStart(withFile(file, "production"), "holds no key of use");
        var whole = new RSAKey.Builder((RSAPublicKey) issuer.rsa.getPublic())
                .privateKey(issuer.rsa.getPrivate())
                .keyID("whole")
                .build();
        Files.writeString(file, "{\"keys\":[" + whole.toJSONString() + "]}");
        refusesToStart(withFile(file, "production"), "holds a private key");
    }

    @Test
    void production_refuses_the_development_key_under_any_name(@TempDir Path folder) throws Exception {
        var file = folder.resolve("keys.json");
        var renamed = developmentKey().replace("\"kid\": \"slipway-development\"", "\"kid\": \"mine\"");
        Files.writeString(file, "{\"keys\":[" + renamed + "]}");
        refusesToStart(withFile(file, "production"), "development key");

        issuer.publishText(
                "{\"keys\":[" + renamed + "," + jwk("ed", issuer.ed25519).toJSONString() + "]}");
        try (var service = start("production")) {
            assertThat(service.authenticate(issuer.token().sign())).isEqualTo(ADA);
            isInvalid(service, issuer.token().header("kid", "mine").sign());
        }
    }

    @Test
    void production_does_not_start_without_an_issuer() {
        refusesToStart("service: {environment: production, management-port: 0}", "set issuer, audience and jwks-url");
    }

    @Test
    void development_starts_without_an_issuer() throws Exception {
        try (var service = TestService.start("service: {environment: development, management-port: 0}", clock)) {
            isInvalid(service, issuer.token().sign());
        }
    }

    @Test
    void the_development_issuer_cannot_be_configured() {
        refusesToStart(
                TestService.settingsFor(issuer, "test").replace(TestIssuer.ISSUER, "slipway-development"),
                "is the issuer of development tokens");
    }

    @Test
    void production_fetches_keys_from_elsewhere_by_https_only() {
        var url = issuer.url().toString();
        var settings = TestService.settingsFor(issuer, "production");
        refusesToStart(settings.replace(url, "http://login.example/jwks"), "must begin with https://");
        refusesToStart(settings.replace(url, "file:///etc/passwd"), "must begin with https://");
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        var settings = TestService.settingsFor(issuer, "test");
        hasWrongSettings(
                settings.replace("  role-", "      algorithms: [HS256]\n  role-"), "none of eddsa, es256, rs256");
        hasWrongSettings(
                settings.replace("  role-", "      jwks-file: keys.json\n  role-"), "either jwks-url or jwks-file");
        hasWrongSettings(settings.replace("[shop, backup]", "[]"), "must not be empty");
        hasWrongSettings(settings.replace(TestIssuer.ISSUER, "\" \""), "issuer must not be blank");
        hasWrongSettings(
                settings.replace("  role-", "  clock-skew: 1h\n  role-"), "clock-skew: must be at most 10m, not 1h");
        hasWrongSettings(
                settings.replace("  role-", "  cache-for: 1h\n  role-"), "cache-for: must be at most 5m, not 1h");
        hasWrongSettings(
                settings.replace("  role-", "  max-size: 1MB\n  role-"),
                "max-size: must be between 256B and 64KB, not 1MB");
        assertThatThrownBy(() -> TokenSettings.of(issuerAt("a"), issuerAt("a"))).hasMessageContaining("twice");
    }

    private TokenSettings.Issuer issuerAt(String name) {
        return new TokenSettings.Issuer(
                name,
                Optional.of(issuer.url()),
                Optional.empty(),
                List.of("shop"),
                Set.of(Algorithm.EDDSA),
                Set.of("JWT"));
    }

    private TestService start(String environment) throws InterruptedException {
        return TestService.start(TestService.settingsFor(issuer, environment), clock);
    }

    private String withFile(Path file, String environment) {
        return TestService.settingsFor(issuer, environment).replace("jwks-url: " + issuer.url(), "jwks-file: " + file);
    }

    private static String developmentKey() throws IOException {
        try (var in = TokensTest.class.getResourceAsStream("development-key.json")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void refusesToStart(String settings, String reason) {
        assertThatThrownBy(() -> TestService.start(settings, clock).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining(reason);
    }

    private void hasWrongSettings(String settings, String reason) {
        assertThatThrownBy(() -> TestService.start(settings, clock).close())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(reason);
    }

    private static void isInvalid(TestService service, String token) {
        isRefused(service, token, Problem.Kind.UNAUTHENTICATED, "invalid-token");
    }

    private static void isUnavailable(TestService service, String token) {
        isRefused(service, token, Problem.Kind.UNAVAILABLE, "keys-unavailable");
    }

    private static void isRefused(TestService service, String token, Problem.Kind kind, String code) {
        var refused = catchThrowableOfType(ProblemException.class, () -> service.authenticate(token));
        assertThat(refused).isNotNull();
        assertThat(refused.problem().kind()).isEqualTo(kind);
        assertThat(refused.problem().code()).isEqualTo(code);
    }
}
