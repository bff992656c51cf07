package dev.slipway.tool;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;

/// From what was asked to the set of features: requirements closed over, exactly one of each group of alternatives.
final class FeatureChoice {

    private final Manifest manifest;
    private final List<Problem> problems;

    FeatureChoice(Manifest manifest, List<Problem> problems) {
        this.manifest = manifest;
        this.problems = problems;
    }

    SequencedSet<String> choose(Request request) {
        List<String> asked = request.features().orElse(List.of());
        if (request.features().isPresent() && !request.without().isEmpty()) {
            problems.add(
                    new Problem("features are both chosen and taken away", "Use --features or --without, not both"));
        }
        List<String> named = new ArrayList<>(asked);
        named.addAll(request.without());
        if (!known(named)) {
            return new LinkedHashSet<>();
        }
        Set<String> chosen = new LinkedHashSet<>(request.features().isPresent() ? asked : manifest.standardFeatures());
        request.without().forEach(chosen::remove);
        for (List<String> group : manifest.oneOf().values()) {
            settle(group, chosen, request.without());
        }
        if (request.features().isPresent()) {
            closeOver(chosen);
        }
        for (String feature : chosen) {
            for (String required : feature(feature).requires()) {
                if (!chosen.contains(required)) {
                    problems.add(new Problem(
                            "feature '" + feature + "' requires '" + required + "'",
                            "Take '" + feature + "' away too, or keep '" + required + "'"));
                }
            }
        }
        for (var group : manifest.oneOf().entrySet()) {
            List<String> on = group.getValue().stream().filter(chosen::contains).toList();
            if (on.size() != 1) {
                problems.add(new Problem(
                        "exactly one of " + String.join(", ", group.getValue()) + " must be on, not " + on.size(),
                        "Choose the " + group.getKey() + " you want"));
            }
        }
        SequencedSet<String> ordered = new LinkedHashSet<>(manifest.features().sequencedKeySet());
        ordered.retainAll(chosen);
        return ordered;
    }

    private void closeOver(Set<String> chosen) {
        List<String> open = new ArrayList<>(chosen);
        while (!open.isEmpty()) {
            for (String required : feature(open.removeLast()).requires()) {
                if (chosen.add(required)) {
                    open.add(required);
                }
            }
        }
    }

    /// Turns on the first alternative that was not taken away, where the request names none.
    private static void settle(List<String> group, Set<String> chosen, List<String> without) {
        if (group.stream().noneMatch(chosen::contains)) {
            group.stream()
                    .filter(choice -> !without.contains(choice))
                    .findFirst()
                    .ifPresent(chosen::add);
        }
    }

    private Manifest.Feature feature(String name) {
        return Objects.requireNonNull(manifest.features().get(name));
    }

    private boolean known(List<String> names) {
        boolean all = true;
        for (String name : names) {
            if (!manifest.features().containsKey(name)) {
                all = false;
                problems.add(new Problem(
                        "feature '" + PathRules.shown(name) + "' does not exist",
                        Nearest.to(name, manifest.features().keySet())
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse(
                                        manifest.features().isEmpty()
                                                ? "This template has no features"
                                                : "It has: "
                                                        + String.join(
                                                                ", ",
                                                                manifest.features()
                                                                        .keySet()))));
            }
        }
        return all;
    }
}
