package dev.slipway.security;

import dev.slipway.core.LocalInfrastructure;
import java.util.Map;

/// Infrastructure for a service that needs none.
final class NoInfrastructure implements LocalInfrastructure {
    @Override
    public Map<String, String> provide(String kind, String name) {
        return Map.of();
    }

    @Override
    public void close() {}
}
