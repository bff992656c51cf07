package dev.slipway.core;

import java.util.Optional;
import java.util.Set;

/// Who calls.
public sealed interface Caller {

    /// Nobody that we know: no token was sent.
    record Anonymous() implements Caller {}

    /// Somebody whose token was verified.
    ///
    /// @param subject who it is (claim `sub`)
    /// @param tenant whose customer it is, if there is more than one
    /// @param roles what it is, for example `admin`
    /// @param permissions what it may do, for example `orders:cancel`
    record Authenticated(String subject, Optional<String> tenant, Set<String> roles, Set<String> permissions)
            implements Caller {
        public Authenticated {
            roles = Set.copyOf(roles);
            permissions = Set.copyOf(permissions);
        }
    }

    /// The subject in logs and in the scope of idempotency keys.
    default String id() {
        return switch (this) {
            case Anonymous() -> "anonymous";
            case Authenticated caller -> caller.subject();
        };
    }
}
