package dev.slipway.security;

import dev.slipway.core.Caller;
import java.util.List;
import java.util.Optional;

/// Finds out who calls and from where; one for REST, gRPC and GraphQL alike. Thread-safe.
public final class Callers {
    private final Authenticator authenticator;
    private final Optional<RateLimits> limits;

    public Callers(Authenticator authenticator, Optional<RateLimits> limits) {
        this.authenticator = authenticator;
        this.limits = limits;
    }

    /// Whether anything depends on the client's address.
    public boolean needAddress() {
        return limits.isPresent();
    }

    /// The address of the client: the peer, or who is behind the trusted proxies; see [RateLimits#client].
    public String address(String peer, List<String> forwardedFor) {
        return limits.isPresent() ? limits.get().client(peer, forwardedFor) : peer;
    }

    /// Finds out who calls, unless their address calls too often; see [Authenticator#authenticate].
    ///
    /// @param address of the client
    public Caller identify(List<String> authorization, String address) {
        if (limits.isPresent()) {
            limits.get().arrive(address).enforce();
        }
        return authenticator.authenticate(authorization);
    }

    /// Whether who called is still who they were: their token may have expired while a stream went on. Not counted.
    public Caller identifyAgain(List<String> authorization) {
        return authenticator.authenticate(authorization);
    }
}
