package dev.slipway.core;

import java.util.Locale;

/// A service, as one page: its name, its settings and its wiring.
///
/// @param <S> the record that holds all of the service's settings, one section per component
public interface ServiceDefinition<S extends Record> {

    /// The name in logs, metrics and health, and of the service's database: lower case words joined by `-`.
    String name();

    /// The type of the settings; its components are the sections of the settings file.
    Class<S> settings();

    /// Wires the service. It opens nothing: components start afterwards, in the order in which they were added.
    void assemble(Assembly service, S settings);

    /// What the names of this service's environment variables begin with, for example `SHOP_ORDER_`.
    default String environmentPrefix() {
        return name().toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    }
}
