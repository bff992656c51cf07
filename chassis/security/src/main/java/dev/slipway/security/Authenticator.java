package dev.slipway.security;

import dev.slipway.core.Caller;
import dev.slipway.core.ProblemException;
import java.util.List;

/// Finds out who calls, from what the call carries. Thread-safe.
@FunctionalInterface
public interface Authenticator {

    /// The caller that the `Authorization` values prove; anonymous if there is none.
    ///
    /// @param authorization every value of the header (or of gRPC's metadata key) as it was sent
    /// @throws ProblemException of kind `UNAUTHENTICATED` and code `invalid-token` if there is a value that proves
    ///     nothing, whatever the reason; of kind `UNAVAILABLE` and code `keys-unavailable` if nobody can tell now,
    ///     because the issuer's keys were never fetched
    Caller authenticate(List<String> authorization);
}
