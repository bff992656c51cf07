package dev.slipway.policy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a service can be generated with or without.
///
/// @param packages by feature, their names below the service's root
/// @param requires by feature, the features that it cannot be without
record Features(Map<String, List<String>> packages, Map<String, Set<String>> requires) {
    Features {
        packages = Map.copyOf(packages);
        requires = Map.copyOf(requires);
    }

    Stream<String> all() {
        return packages.values().stream().flatMap(List::stream).sorted();
    }

    /// The features that a package is a part of.
    Set<String> of(String name) {
        return packages.entrySet().stream()
                .filter(feature -> feature.getValue().stream().anyMatch(tree -> Scope.within(name, tree)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean mayUse(String user, String used) {
        var available = of(user).stream().flatMap(this::withRequired).collect(Collectors.toSet());
        return available.containsAll(of(used));
    }

    private Stream<String> withRequired(String feature) {
        return Stream.concat(
                Stream.of(feature),
                requires.getOrDefault(feature, Set.of()).stream().flatMap(this::withRequired));
    }
}
