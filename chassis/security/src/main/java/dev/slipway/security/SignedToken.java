package dev.slipway.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.slipway.core.Unicode;
import dev.slipway.security.TokenFault.InvalidTokenException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JWT in compact form (RFC 7515, section 7.1), taken apart and not verified yet.
final class SignedToken {

    /// Parameters by which a token brings its own key, changes how it is read, or asks for what we do not know.
    private static final Set<String> FORBIDDEN =
            Set.of("jwk", "jku", "x5u", "x5c", "crit", "zip", "b64", "enc", "p2c", "p2s");

    private final JWSHeader header;
    private final Map<String, Object> claims;
    private final byte[] signed;
    private final Base64URL signature;

    private SignedToken(JWSHeader header, Map<String, Object> claims, byte[] signed, Base64URL signature) {
        this.header = header;
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    static SignedToken parse(String token) throws InvalidTokenException {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw TokenFault.MALFORMED.asException();
        }
        try {
            var parameters = object(parts[0]);
            if (!Collections.disjoint(parameters.keySet(), FORBIDDEN)) {
                throw TokenFault.FORBIDDEN_HEADER.asException();
            }
            return new SignedToken(
                    JWSHeader.parse(parameters, new Base64URL(parts[0])),
                    object(parts[1]),
                    token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII),
                    Base64URL.encode(bytes(parts[2])));
        } catch (ParseException | IllegalArgumentException e) {
            throw TokenFault.MALFORMED.asException();
        }
    }

    JWSHeader header() {
        return header;
    }

    boolean isSignedBy(JWSVerifier verifier) {
        try {
            return verifier.verify(header, signed, signature);
        } catch (JOSEException e) {
            return false;
        }
    }

    /// Who somebody is goes into stores and logs: what is no text is no claim.
    Optional<String> string(String claim) throws InvalidTokenException {
        return switch (claims.get(claim)) {
            case null -> Optional.empty();
            case String text when Unicode.isText(text) -> Optional.of(text);
            default -> throw TokenFault.MALFORMED.asException();
        };
    }

    /// A list of strings; a missing claim is an empty one.
    Set<String> strings(String claim) throws InvalidTokenException {
        var values = new LinkedHashSet<String>();
        switch (claims.get(claim)) {
            case null -> {}
            case Collection<?> elements -> {
                for (var element : elements) {
                    if (!(element instanceof String text) || !Unicode.isText(text)) {
                        throw TokenFault.MALFORMED.asException();
                    }
                    values.add(text);
                }
            }
            default -> throw TokenFault.MALFORMED.asException();
        }
        return values;
    }

    /// The claim `aud`, which is a string or a list of strings.
    Set<String> audience() throws InvalidTokenException {
        return claims.get("aud") instanceof String one ? Set.of(one) : strings("aud");
    }

    /// Seconds since 1970 (NumericDate of RFC 7519).
    Optional<Long> seconds(String claim) throws InvalidTokenException {
        return switch (claims.get(claim)) {
            case null -> Optional.empty();
            case Number number when Double.isFinite(number.doubleValue()) -> Optional.of(number.longValue());
            default -> throw TokenFault.MALFORMED.asException();
        };
    }

    private static Map<String, Object> object(String part) throws ParseException {
        @Nullable Map<String, Object> object = JSONObjectUtils.parse(utf8(bytes(part)));
        if (object == null) {
            throw new ParseException("null is not an object", 0);
        }
        return object;
    }

    /// What is no UTF-8 is not replaced: two different subjects would become one.
    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("no UTF-8", e);
        }
    }

    /// Only the canonical form: of each token there is exactly one.
    private static byte[] bytes(String part) {
        var bytes = Base64.getUrlDecoder().decode(part);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
            throw new IllegalArgumentException("not canonical");
        }
        return bytes;
    }
}
