package dev.slipway.security;

import java.util.Optional;

/// The keys of one issuer as they are now.
sealed interface KeySource permits KeySource.Fixed, FetchedKeys {

    /// The keys; empty if they could not be had yet, or not for too long. As long as they do not change, it is the
    /// same object.
    Optional<KeySet> current();

    /// The keys for a token that was signed with the key of this id; looks whether there are newer keys if it is none
    /// of the current ones, but not more often than is decent.
    Optional<KeySet> lookingFor(String keyId);

    /// Keys that stay as they are.
    record Fixed(Optional<KeySet> current) implements KeySource {
        @Override
        public Optional<KeySet> lookingFor(String keyId) {
            return current;
        }
    }
}
