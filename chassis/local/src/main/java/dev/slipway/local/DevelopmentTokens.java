package dev.slipway.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Signs tokens with the well-known development key, which services accept in development and tests only.
public final class DevelopmentTokens {
    private static final Duration VALID = Duration.ofHours(1);
    private static final String USAGE = "usage: ./run token [--subject SUBJECT] [--roles ROLE,ROLE…]";

    private DevelopmentTokens() {}

    /// Prints a token: `--subject ada --roles admin,support`; `developer` without roles unless given.
    public static void main(String[] args) {
        var exitCode = run(args, Instant.now(), System.out, System.err);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /// @return the exit code
    static int run(String[] args, Instant now, PrintStream out, PrintStream err) {
        if (Arrays.stream(args).anyMatch(each -> each.equals("--help") || each.equals("-h"))) {
            out.println(USAGE);
            return 0;
        }
        var token = requested(args, now);
        if (token.isEmpty()) {
            err.println(USAGE);
            return 2;
        }
        out.println(token.orElseThrow());
        return 0;
    }

    /// Empty if the arguments are wrong.
    static Optional<String> requested(String[] args, Instant now) {
        var subject = "developer";
        List<String> roles = List.of();
        for (var i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                return Optional.empty();
            }
            switch (args[i]) {
                case "--subject" -> subject = args[i + 1];
                case "--roles" -> roles = List.of(args[i + 1].split(","));
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(token(subject, roles, now));
    }

    /// A token that is valid for one hour from `now` on, as the command line's `slipway token` prints it.
    public static String token(String subject, List<String> roles, Instant now) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", "slipway-development");
        claims.put("aud", "slipway");
        claims.put("sub", subject);
        claims.put("roles", roles);
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.plus(VALID).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        return token(claims);
    }

    /// A token with exactly these claims.
    public static String token(Map<String, ?> claims) {
        var header = Map.of("alg", "EdDSA", "typ", "at+jwt", "kid", "slipway-development");
        var signed = encoded(header) + "." + encoded(claims);
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret())));
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static String encoded(Map<String, ?> part) {
        try {
            return encoder().encodeToString(new JsonMapper().writeValueAsBytes(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Base64.Encoder encoder() {
        return Base64.getUrlEncoder().withoutPadding();
    }

    private static byte[] secret() {
        try (var in = Objects.requireNonNull(DevelopmentTokens.class.getResourceAsStream("development-key.json"))) {
            var jwk = new JsonMapper().readTree(in);
            return Base64.getUrlDecoder().decode(jwk.get("d").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
