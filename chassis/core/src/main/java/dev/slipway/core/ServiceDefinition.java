package dev.slipway.core;

import java.util.Locale;

/// A service, as one page: its name, its settings and its wiring.
///
/// @param <S> the record that holds all of the service's settings, one section per component
public abstract class ServiceDefinition<S extends Record> {
    private final String name;
    private final Class<S> settings;

    /// @param name in logs, metrics and health, and of the service's database: lower case words joined by `-`
    /// @param settings the type of the settings; its components are the sections of the settings file
    protected ServiceDefinition(String name, Class<S> settings) {
        this.name = name;
        this.settings = settings;
    }

    public final String name() {
        return name;
    }

    public final Class<S> settings() {
        return settings;
    }

    /// Wires the service. It opens nothing: components start afterwards, in the order in which they were added.
    public abstract void assemble(Assembly service, S settings);

    /// What the names of this service's environment variables begin with, for example `SHOP_ORDER_`.
    final String environmentPrefix() {
        return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    }
}
