package dev.slipway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// A key that everybody knows, on purpose: services accept it in development and refuse to start with it elsewhere.
///
/// Ed25519 (RFC 8032), as a private JWK (RFC 8037); tokens are typed `at+jwt` (RFC 9068).
final class DevelopmentKey {

    /// Both the issuer and the id of the key.
    static final String ISSUER = "slipway-development";

    private final PrivateKey key;

    private DevelopmentKey(PrivateKey key) {
        this.key = key;
    }

    static DevelopmentKey load() {
        try (var in = Objects.requireNonNull(DevelopmentKey.class.getResourceAsStream("development-key.json"))) {
            // JSON is YAML, and the YAML reader is here already.
            var jwk = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            byte[] secret = Base64.getUrlDecoder().decode(String.valueOf(jwk.get("d")));
            var spec = new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret);
            return new DevelopmentKey(KeyFactory.getInstance("Ed25519").generatePrivate(spec));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the development key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519", e);
        }
    }

    /// A signed JWT (RFC 7515, compact form).
    String sign(Map<String, ?> claims) {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("alg", "EdDSA");
        header.put("typ", "at+jwt");
        header.put("kid", ISSUER);
        String signed = encoded(Json.compact(header).getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(Json.compact(claims).getBytes(StandardCharsets.UTF_8));
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519", e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
