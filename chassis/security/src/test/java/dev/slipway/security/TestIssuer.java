package dev.slipway.security;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// An issuer of tokens, signed by the JDK alone; serves its keys at `/jwks`, and counts every request that it gets.
final class TestIssuer implements AutoCloseable {
    static final String ISSUER = "https://login.example";
    static final String AUDIENCE = "shop";

    private static final KeyPair ED25519 = generate("Ed25519", 0);
    private static final KeyPair P256 = generate("EC", 0);
    private static final KeyPair RSA = generate("RSA", 2048);

    final KeyPair ed25519 = ED25519;
    final KeyPair p256 = P256;
    final KeyPair rsa = RSA;
    final AtomicInteger requests = new AtomicInteger();

    private final Clock clock;
    private final HttpServer server;
    private final AtomicReference<String> jwks = new AtomicReference<>("");
    private final AtomicInteger status = new AtomicInteger(200);

    TestIssuer(Clock clock) throws IOException {
        this.clock = clock;
        publish(jwk("ed", ed25519), jwk("ec", p256), jwk("rsa", rsa));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            var body = jwks.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/jwks");
    }

    void publish(JWK... keys) {
        jwks.set(new JWKSet(List.of(keys)).toString(false));
    }

    void publishText(String text) {
        jwks.set(text);
    }

    void answer(int newStatus) {
        status.set(newStatus);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    Token token() {
        return new Token();
    }

    /// Signs claims that need not be JSON.
    String signClaims(String claims) {
        return sign(token().headerJson(), claims);
    }

    /// Signs a header and claims that need not be JSON.
    String sign(String header, String claims) {
        return sign(header, claims, "Ed25519", ed25519);
    }

    private String sign(String header, String claims, String algorithm, KeyPair key) {
        return sign(header, claims.getBytes(StandardCharsets.UTF_8), algorithm, key);
    }

    String sign(String header, byte[] claims, String algorithm, KeyPair key) {
        var signed = Base64URL.encode(header) + "." + Base64URL.encode(claims);
        return signed + "." + Base64URL.encode(signature(algorithm, key, signed));
    }

    static JWK jwk(String id, KeyPair pair) {
        return switch (pair.getPublic()) {
            case ECPublicKey key ->
                new ECKey.Builder(Curve.P_256, key).keyID(id).build();
            case RSAPublicKey key -> new RSAKey.Builder(key).keyID(id).build();
            case PublicKey key ->
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(lastBytes(key.getEncoded())))
                        .keyID(id)
                        .build();
        };
    }

    static KeyPair generate(String algorithm, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] lastBytes(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static byte[] signature(String algorithm, KeyPair key, String signed) {
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// A good token, to be spoiled in one way.
    final class Token {
        private final Map<String, Object> header = new LinkedHashMap<>();
        private final Map<String, Object> claims = new LinkedHashMap<>();

        private Token() {
            var now = clock.instant().getEpochSecond();
            header.putAll(Map.of("alg", "EdDSA", "kid", "ed", "typ", "at+jwt"));
            claims.putAll(
                    Map.of("iss", ISSUER, "aud", AUDIENCE, "sub", "ada", "iat", now, "nbf", now, "exp", now + 300));
        }

        Token header(String name, Object value) {
            header.put(name, value);
            return this;
        }

        Token claim(String name, Object value) {
            claims.put(name, value);
            return this;
        }

        Token expiresIn(long seconds) {
            return claim("exp", clock.instant().getEpochSecond() + seconds);
        }

        Token without(String name) {
            header.remove(name);
            claims.remove(name);
            return this;
        }

        String headerJson() {
            return JSONObjectUtils.toJSONString(header);
        }

        String claimsJson() {
            return JSONObjectUtils.toJSONString(claims);
        }

        String unsigned() {
            return Base64URL.encode(headerJson()) + "." + Base64URL.encode(claimsJson());
        }

        String sign() {
            return signWith("Ed25519", ed25519);
        }

        String signWith(String algorithm, KeyPair key) {
            return TestIssuer.this.sign(headerJson(), claimsJson(), algorithm, key);
        }

        String es256() {
            return header("alg", "ES256").header("kid", "ec").signWith("SHA256withECDSAinP1363Format", p256);
        }

        String rs256() {
            return header("alg", "RS256").header("kid", "rsa").signWith("SHA256withRSA", rsa);
        }
    }
}
