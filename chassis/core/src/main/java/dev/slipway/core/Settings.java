package dev.slipway.core;

import dev.slipway.core.SettingsSources.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The settings of a service, read once.
///
/// @param service the section `service`, which the chassis adds to every service
/// @param own the service's own record
record Settings<S extends Record>(ServiceSettings service, S own) {

    /// As many words as fit beside an indentation of six, or one that does not.
    private static final Pattern WORDS_OF_A_LINE = Pattern.compile("(.{1,74}|\\S+)(?: +|$)");

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

    /// All settings as Markdown, a table for each section: for the reference that a service's documentation carries. What
    /// the service's own `settings.yaml` says is the default.
    static String reference(ServiceDefinition<?> definition) {
        return reference(definition, (key, delivered) -> true);
    }

    /// What a reader must know who knows the settings of the chassis: the sections that are the service's own, and what
    /// its `settings.yaml` says of the others.
    static String ownReference(ServiceDefinition<?> definition) {
        var own = new HashSet<String>();
        addOwnSections(definition.settings(), definition.getClass().getPackageName(), own);
        return reference(
                definition,
                (key, delivered) -> own.contains(key.path().replaceFirst("\\..*", ""))
                        || delivered.containsKey(key.path())
                        || !delivered.subMap(key.path() + ".", key.path() + "/").isEmpty());
    }

    /// All settings for a terminal of 80 columns: how each is set, with its default, and below what it means.
    static String help(ServiceDefinition<?> definition) {
        var known = knownKeys(definition);
        var delivered = delivered(definition, known);
        var text = new StringBuilder(definition.name() + " takes these settings:\n");
        for (var key : known.all()) {
            var byDefault = byDefault(key, delivered);
            text.append("\n  --").append(key.path());
            text.append(byDefault.isEmpty() ? "" : "=" + byDefault).append('\n');
            Stream.of(key.about(), key.type(), variable(definition, key.path()))
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> text.append(WORDS_OF_A_LINE.matcher(line).replaceAll("      $1\n")));
        }
        return text.toString();
    }

    private static void addOwnSections(Class<?> settings, String home, Set<String> own) {
        for (var component : settings.getRecordComponents()) {
            var type = component.getType();
            if (SettingsBinder.isUnwrapped(type)) {
                addOwnSections(type, home, own);
            } else if (!type.isRecord() || (type.getPackageName() + ".").startsWith(home + ".")) {
                own.add(KnownKeys.kebab(component.getName()));
            }
        }
    }

    private static String reference(
            ServiceDefinition<?> definition, BiPredicate<KnownKeys.Key, SortedMap<String, Found>> isShown) {
        var known = knownKeys(definition);
        var delivered = delivered(definition, known);
        var text = new StringBuilder();
        var section = "";
        for (var key : known.all()) {
            if (!isShown.test(key, delivered)) {
                continue;
            }
            var first = key.path().replaceFirst("\\..*", "");
            if (!first.equals(section)) {
                section = first;
                text.append("\n## ").append(section).append("\n\n");
                text.append("| key | variable | type | default | meaning |\n|---|---|---|---|---|\n");
            }
            text.append("| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            key.path(),
                            quoted(variable(definition, key.path())),
                            key.type().replace("|", "\\|"),
                            quoted(byDefault(key, delivered)),
                            key.about()));
        }
        return text.toString();
    }

    private static String byDefault(KnownKeys.Key key, SortedMap<String, Found> delivered) {
        var found = delivered.get(key.path());
        var text = found == null
                ? delivered.subMap(key.path() + ".", key.path() + "/").entrySet().stream()
                        .filter(element -> element.getKey().matches(".*\\.\\d+"))
                        .map(element -> element.getValue().value())
                        .collect(Collectors.joining(", "))
                : found.value();
        var shown = text.isEmpty() ? key.byDefault() : text;
        return key.type().startsWith("secret") ? "" : shown;
    }

    /// Elements of lists and maps cannot be set one by one from the environment.
    private static String variable(ServiceDefinition<?> definition, String path) {
        return path.contains("*") ? "" : definition.environmentPrefix() + KnownKeys.variable(path);
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    /// What the service's own `settings.yaml` says.
    private static SortedMap<String, Found> delivered(ServiceDefinition<?> definition, KnownKeys known) {
        return SettingsSources.ofArguments(definition, List.of())
                .read(definition.environmentPrefix(), known, new ArrayList<>());
    }
}
