package dev.slipway.postgres;

import dev.slipway.core.LocalInfrastructure;
import java.util.Map;

/// Gives the database of a test, as the module slipway-local would give one of this machine.
record TestInfrastructure(TestServer server) implements LocalInfrastructure {

    @Override
    public Map<String, String> provide(String kind, String name) {
        var address = server.address();
        return Map.of("url", address.jdbcUrl(), "user", address.user(), "password", address.password());
    }

    @Override
    public void close() {}
}
