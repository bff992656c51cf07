package dev.slipway.testkit;

import dev.slipway.core.LocalInfrastructure;
import java.util.Map;

/// For a service that needs none. Thread-safe.
public final class NoInfrastructure implements LocalInfrastructure {
    @Override
    public Map<String, String> provide(String kind, String name) {
        throw new IllegalStateException(name + " needs " + kind);
    }

    @Override
    public void close() {}
}
