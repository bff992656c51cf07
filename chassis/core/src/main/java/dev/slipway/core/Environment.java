package dev.slipway.core;

/// Where a service runs. Everything that is not said to be development or a test is production.
public enum Environment {
    DEVELOPMENT,
    TEST,
    PRODUCTION;

    /// Whether conveniences are on that must not exist in production: the well-known key, API pages, this machine's
    /// infrastructure.
    public boolean allowsDevelopmentAids() {
        return this != PRODUCTION;
    }

    /// The address to listen on when none is configured: this machine only, except in production.
    public String defaultHost() {
        return this == PRODUCTION ? "0.0.0.0" : "127.0.0.1";
    }
}
