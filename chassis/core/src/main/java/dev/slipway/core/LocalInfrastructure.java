package dev.slipway.core;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Real infrastructure on the machine of a developer or a test, handed to components whose address is not configured.
///
/// Found by [java.util.ServiceLoader], in development and tests only: what is deployed does not carry one.
public interface LocalInfrastructure extends AutoCloseable {

    /// Starts or joins what is asked for, and blocks until it can be used.
    ///
    /// @param kind what is needed, for example `postgres`
    /// @param name whose it is: the service's name, as a database name or topic prefix
    /// @return the settings of the component by their keys, for example `url`, `user` and `password`
    /// @throws StartException if it cannot be had
    Map<String, String> provide(String kind, String name) throws InterruptedException;

    /// A token for whoever tries the service on this machine; empty if there is none to be had.
    ///
    /// @param now by the service's clock
    default Optional<String> token(String subject, Collection<String> roles, Instant now) {
        return Optional.empty();
    }

    /// Gives back everything that was provided.
    @Override
    void close();
}
