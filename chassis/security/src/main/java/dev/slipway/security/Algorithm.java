package dev.slipway.security;

/// The signature algorithms that can be allowed (RFC 7518, RFC 8037). All are asymmetric: a service that checks tokens
/// holds nothing to make them with.
public enum Algorithm {
    /// Ed25519.
    EDDSA("EdDSA"),
    /// ECDSA with P-256 and SHA-256.
    ES256("ES256"),
    /// RSA (PKCS#1 v1.5) of at least 2048 bits with SHA-256.
    RS256("RS256");

    private final String header;

    Algorithm(String header) {
        this.header = header;
    }

    /// How it is written in the header `alg`.
    String header() {
        return header;
    }
}
