package dev.slipway.core;

import java.util.Optional;
import java.util.Set;

/// Who calls.
public sealed interface Caller {

    /// Nobody that we know: no token was sent.
    record Anonymous() implements Caller {}

    /// Somebody whose token was verified.
    ///
    /// @param id who it is, here: two subjects of two issuers never have the same one. Policies, keys, limits and logs
    ///     go by it; a service that remembers who did something keeps it
    /// @param issuer who says so (claim `iss`)
    /// @param subject who it is for the issuer (claim `sub`); says nothing without the issuer
    /// @param tenant whose customer it is, if there is more than one
    /// @param roles what it is, for example `admin`
    /// @param permissions what it may do, for example `orders:cancel`
    record Authenticated(
            String id,
            String issuer,
            String subject,
            Optional<String> tenant,
            Set<String> roles,
            Set<String> permissions)
            implements Caller {
        public Authenticated {
            roles = Set.copyOf(roles);
            permissions = Set.copyOf(permissions);
        }

        /// A subject of the service's own issuer, which is the only one.
        public Authenticated(String subject, Optional<String> tenant, Set<String> roles, Set<String> permissions) {
            this(subject, "", subject, tenant, roles, permissions);
        }
    }

    /// A part of the platform that acts on its own account and without a token: a schedule, a message handler, a job.
    /// Made by the code that is the part, never by what came over a wire.
    ///
    /// @param name of the part, for example `price-sweep`
    /// @param tenant for whom it acts, if that is one
    record Service(String name, Optional<String> tenant) implements Caller {
        public Service {
            if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
                throw new IllegalArgumentException("\"" + name + "\" is not a name in lower case");
            }
        }
    }

    /// Who it is, in policies, logs, limits and the scope of idempotency keys. No two callers have the same one:
    /// `anonymous`, `#name` of a service, and what [#id(String, String, boolean)] makes of a subject.
    default String id() {
        return switch (this) {
            case Anonymous() -> "anonymous";
            case Authenticated caller -> caller.id();
            case Service(var name, var tenant) -> "#" + name;
        };
    }

    default Optional<String> tenant() {
        return switch (this) {
            case Anonymous() -> Optional.empty();
            case Authenticated caller -> caller.tenant();
            case Service(var name, var tenant) -> tenant;
        };
    }

    /// The id of a subject: the subject alone if its issuer is the service's own, else `issuer#subject`.
    ///
    /// @param issuer without `#`, so that nothing can be read in two ways
    /// @param isOwn whether it is the issuer whose subjects the service's data speaks of
    static String id(String issuer, String subject, boolean isOwn) {
        var alone = isOwn && subject.indexOf('#') < 0 && !subject.equals("anonymous");
        return alone ? subject : issuer + '#' + subject;
    }
}
