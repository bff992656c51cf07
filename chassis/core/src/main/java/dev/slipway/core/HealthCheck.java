package dev.slipway.core;

/// Asks a dependency whether it can be used now.
@FunctionalInterface
public interface HealthCheck {

    /// Answers within about two seconds; a later answer, like an exception, counts as down. Called by several threads.
    Health check() throws Exception;
}
