package dev.slipway.core;

import java.util.ArrayList;
import java.util.List;

/// The settings of a service, read once.
///
/// @param service the section `service`, which the chassis adds to every service
/// @param own the service's own record
record Settings<S extends Record>(ServiceSettings service, S own) {

    /// Every service's first section.
    private record Root(ServiceSettings service) {}

    /// @throws SettingsException with every error at once: wrong, missing and unknown settings
    static <S extends Record> Settings<S> read(ServiceDefinition<S> definition, SettingsSources sources) {
        var errors = new ArrayList<String>();
        var known = knownKeys(definition);
        var values = sources.read(definition.environmentPrefix(), known, errors);
        values.forEach((key, found) -> {
            if (!known.contains(key)) {
                errors.add(key + ": no such setting (" + found.source() + ")" + known.suggest(key));
            }
        });
        var binder = new SettingsBinder(values, errors);
        var root = binder.section("", Root.class);
        var own = binder.section("", definition.settings());
        if (root == null || own == null || !errors.isEmpty()) {
            throw new SettingsException(errors);
        }
        return new Settings<>(root.service(), own);
    }

    static KnownKeys knownKeys(ServiceDefinition<?> definition) {
        return new KnownKeys(List.of(Root.class, definition.settings()));
    }

    /// All settings as a Markdown table, for `--help` and for the reference that a service's documentation carries.
    static String reference(ServiceDefinition<?> definition) {
        var text = new StringBuilder("| key | variable | type | default | meaning |\n|---|---|---|---|---|\n");
        for (var key : knownKeys(definition).all()) {
            text.append("| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            key.path(),
                            variable(definition, key.path()),
                            key.type().replace("|", "\\|"),
                            key.byDefault().isEmpty() ? "" : "`" + key.byDefault() + "`",
                            key.about()));
        }
        return text.toString();
    }

    /// Elements of lists and maps cannot be set one by one from the environment.
    private static String variable(ServiceDefinition<?> definition, String path) {
        return path.contains("*") ? "" : "`" + definition.environmentPrefix() + KnownKeys.variable(path) + "`";
    }
}
