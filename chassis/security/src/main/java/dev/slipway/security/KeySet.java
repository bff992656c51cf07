package dev.slipway.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Public keys that verify signatures, by their ids. Immutable, and equal to itself only.
final class KeySet {
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<String> TYPES =
            Set.of(KeyType.OKP.getValue(), KeyType.EC.getValue(), KeyType.RSA.getValue(), KeyType.OCT.getValue());

    /// @param thumbprint RFC 7638: tells whether two keys are the same
    record Key(Algorithm algorithm, JWSVerifier verifier, String thumbprint) {}

    private final Map<String, Key> keys;
    private final List<String> refused;

    private KeySet(Map<String, Key> keys, List<String> refused) {
        this.keys = Map.copyOf(keys);
        this.refused = List.copyOf(refused);
    }

    /// Reads a JWK set. Keys that are of no use here are left out: other types, curves and uses, and those without id.
    /// One that is wrong is refused alone, for the others are no worse for it
    /// ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517#section-5)).
    ///
    /// @param developmentKey a thumbprint that is refused; nobody may sign with a key that everybody has
    static KeySet parse(String json, Optional<String> developmentKey) throws ParseException {
        var keys = new LinkedHashMap<String, Key>();
        var refused = new ArrayList<String>();
        if (!(JSONObjectUtils.parse(json).get("keys") instanceof List<?> entries)) {
            throw new ParseException("no list of keys in it", 0);
        }
        for (var entry : entries) {
            if (!(entry instanceof Map<?, ?> members)) {
                refused.add("an entry that is no key");
            } else if (!(members.get("kty") instanceof String type) || TYPES.contains(type)) {
                take(members, developmentKey, keys, refused);
            }
        }
        return new KeySet(keys, refused);
    }

    private static void take(
            Map<?, ?> members, Optional<String> developmentKey, Map<String, Key> keys, List<String> refused) {
        try {
            var named = new LinkedHashMap<String, Object>();
            members.forEach((name, value) -> named.put(String.valueOf(name), value));
            var jwk = JWK.parse(named);
            var thumbprint = jwk.computeThumbprint().toString();
            if (jwk.isPrivate()) {
                refused.add("a private key, which only the issuer may have");
            } else if (developmentKey.filter(thumbprint::equals).isPresent()) {
                refused.add("Slipway's development key, with which anybody can sign");
            } else if (jwk.getKeyID() != null) {
                usable(jwk, thumbprint).ifPresent(key -> keys.putIfAbsent(jwk.getKeyID(), key));
            }
        } catch (ParseException | JOSEException | RuntimeException e) {
            refused.add("a key that is not valid");
        }
    }

    Map<String, Key> keys() {
        return keys;
    }

    /// What the JWK set held that must not be in it, a few words each; none of it is among the keys.
    List<String> refused() {
        return refused;
    }

    boolean sameKeysAs(KeySet other) {
        return thumbprints().equals(other.thumbprints());
    }

    Map<String, String> thumbprints() {
        var thumbprints = new LinkedHashMap<String, String>();
        keys.forEach((id, key) -> thumbprints.put(id, key.thumbprint()));
        return thumbprints;
    }

    private static Optional<Key> usable(JWK jwk, String thumbprint) throws JOSEException {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return Optional.empty();
        }
        var key = switch (jwk) {
            case OctetKeyPair pair
            when pair.getCurve().equals(Curve.Ed25519) ->
                new Key(Algorithm.EDDSA, Ed25519Verifier.of(pair), thumbprint);
            case ECKey curve
            when curve.getCurve().equals(Curve.P_256) -> new Key(Algorithm.ES256, new ECDSAVerifier(curve), thumbprint);
            case RSAKey rsa
            when rsa.size() >= LEAST_RSA_BITS -> new Key(Algorithm.RS256, new RSASSAVerifier(rsa), thumbprint);
            default -> null;
        };
        return Optional.ofNullable(key)
                .filter(usable -> jwk.getAlgorithm() == null
                        || jwk.getAlgorithm()
                                .getName()
                                .equals(usable.algorithm().header()));
    }
}
