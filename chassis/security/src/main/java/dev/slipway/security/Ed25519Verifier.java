package dev.slipway.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/// Verifies Ed25519 signatures (RFC 8032) with the JDK; Nimbus' own verifier would need Tink.
final class Ed25519Verifier extends EdDSAProvider implements JWSVerifier {

    /// SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 10.1).
    private static final String X509_PREFIX = "302a300506032b6570032100";

    private static final int KEY_BYTES = 32;

    private final PublicKey key;

    private Ed25519Verifier(PublicKey key) {
        this.key = key;
    }

    static Ed25519Verifier of(OctetKeyPair jwk) throws JOSEException {
        var bytes = jwk.getDecodedX();
        if (bytes.length != KEY_BYTES) {
            throw new JOSEException("an Ed25519 key has 32 bytes");
        }
        try {
            var encoded = HexFormat.of().parseHex(X509_PREFIX + HexFormat.of().formatHex(bytes));
            return new Ed25519Verifier(
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            throw new JOSEException("not an Ed25519 key", e);
        }
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
        try {
            var verification = Signature.getInstance("Ed25519");
            verification.initVerify(key);
            verification.update(signed);
            return verification.verify(signature.decode());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new JOSEException("Ed25519 cannot be verified", e);
        }
    }
}
