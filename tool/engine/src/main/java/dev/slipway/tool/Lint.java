package dev.slipway.tool;

import dev.slipway.tool.Manifest.Identity;
import dev.slipway.tool.Manifest.Literal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Judges a template by its manifest and files together: nothing declared may be without effect, and regions stay few
/// and where a reader expects them.
public final class Lint {

    static final int MOST_REGIONS = 40;

    /// The POM, documents, settings, the Dockerfile; the composition root comes from the manifest.
    private static final Pattern REGIONS_ALLOWED =
            Pattern.compile("(.*/)?(pom\\.xml|[^/]*\\.md|Dockerfile|[^/]*\\.(ya?ml|properties)|\\.env\\.example)");

    private static final Pattern WORD = Pattern.compile("\\w+");

    private Lint() {}

    /// All that is wrong; empty for a sound template. Common parts are judged along with it.
    public static List<Problem> check(Bundle template) {
        List<Problem> problems = new ArrayList<>();
        unusedTokens(template, problems);
        unusedPatterns(template, problems);
        unusedLiterals(template, problems);
        regions(template, problems);
        usesOfFeatures(template, problems);
        template.parts().ifPresent(parts -> {
            unusedPatterns(parts, problems);
            regions(parts, problems);
        });
        return problems;
    }

    private static void regions(Bundle template, List<Problem> problems) {
        Manifest manifest = template.manifest();
        int regions = 0;
        for (Entry entry : template.entries()) {
            String text = entry.content().text().orElse("");
            List<String> names = Regions.names(text);
            regions += names.size();
            for (String name : Set.copyOf(names)) {
                if (!manifest.features().containsKey(name)) {
                    problems.add(new Problem(
                            entry.path() + ": region of an unknown feature '" + name + "'",
                            Nearest.to(name, manifest.features().keySet())
                                    .map(near -> "Did you mean '" + near + "'?")
                                    .orElse("Declare it in " + Manifest.FILE)));
                }
            }
            if (Regions.in(text) && !regionsAllowed(entry.path(), manifest)) {
                problems.add(new Problem(
                        entry.path()
                                + ": regions are allowed in the POM, documents, the settings, the Dockerfile and the composition root only",
                        "Put what belongs to a feature into a file of its own"));
            }
            try {
                Regions.apply(entry.path(), text, Set.of());
            } catch (GenerationException failure) {
                problems.addAll(failure.problems());
            }
        }
        if (regions > MOST_REGIONS) {
            problems.add(new Problem(
                    "there are " + regions + " regions, more than " + MOST_REGIONS, "Make files of them, by feature"));
        }
    }

    /// A feature can be taken out since nothing uses it but the composition root and the classes that this one names,
    /// which are trimmed, and features that require it.
    private static void usesOfFeatures(Bundle template, List<Problem> problems) {
        Manifest manifest = template.manifest();
        Set<String> wiring = wiring(template);
        for (String feature : manifest.features().keySet()) {
            Set<String> others = manifest.without(feature);
            var leftOut = new LeftOut(template, others);
            for (Entry entry : template.entries()) {
                String path = entry.path();
                boolean stays = path.startsWith("src/main/")
                        && path.endsWith(".java")
                        && !wiring.contains(path)
                        && manifest.hasFile(others, path);
                if (stays && leftOut.changes(path, entry.content().toString())) {
                    problems.add(
                            new Problem(
                                    path + " uses what goes with the feature '" + feature + "'",
                                    "Let only the composition root use it, a class that this one names, or features that require it"));
                }
            }
        }
    }

    /// The paths of the composition root and of the classes that it names, those of features apart.
    private static Set<String> wiring(Bundle template) {
        Manifest manifest = template.manifest();
        Set<String> named = template.entries().stream()
                .filter(entry -> entry.path().endsWith("/" + manifest.identity().app() + ".java"))
                .flatMap(entry -> WORD.matcher(entry.content().toString()).results())
                .map(word -> word.group() + ".java")
                .collect(Collectors.toSet());
        return template.entries().stream()
                .map(Entry::path)
                .filter(path -> named.contains(path.substring(path.lastIndexOf('/') + 1)))
                .filter(path -> manifest.hasFile(Set.of(), path))
                .collect(Collectors.toSet());
    }

    private static boolean regionsAllowed(String path, Manifest manifest) {
        return REGIONS_ALLOWED.matcher(path).matches()
                || path.endsWith("/" + manifest.identity().app() + ".java");
    }

    private static void unusedTokens(Bundle template, List<Problem> problems) {
        Identity identity = template.manifest().identity();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("identity.package", identity.packageName());
        tokens.put("identity.groupId", identity.groupId());
        tokens.put("identity.artifact", identity.artifact());
        tokens.put("identity.app", identity.app());
        tokens.put("identity.env", identity.env());
        identity.database().ifPresent(token -> tokens.put("identity.database", token));
        identity.titleWords().ifPresent(token -> tokens.put("identity.title", token));
        identity.port().ifPresent(token -> tokens.put("identity.port", String.valueOf(token)));
        identity.managementPort().ifPresent(token -> tokens.put("identity.managementPort", String.valueOf(token)));
        identity.grpcPort().ifPresent(token -> tokens.put("identity.grpcPort", String.valueOf(token)));
        template.manifest().resource().ifPresent(resource -> {
            tokens.put("resource.name", resource.name());
            tokens.put("resource.plural", resource.plural());
        });
        tokens.forEach((key, token) -> {
            if (template.entries().stream()
                    .noneMatch(entry -> entry.content().toString().contains(token))) {
                problems.add(new Problem(key + " '" + token + "' occurs in no file", "Correct it or leave it out"));
            }
        });
    }

    private static void unusedPatterns(Bundle template, List<Problem> problems) {
        Manifest manifest = template.manifest();
        Map<Glob, String> globs = new LinkedHashMap<>();
        manifest.features().forEach((name, feature) -> {
            if (!feature.whereDeclared()) {
                feature.paths().forEach(glob -> globs.put(glob, "features." + name));
            }
        });
        manifest.managed().forEach(glob -> globs.put(glob, "ownership.managed"));
        manifest.seeded().forEach(glob -> globs.put(glob, "ownership.seeded"));
        manifest.inPlace().forEach(glob -> globs.put(glob, "inPlace"));
        List<Entry> judged = new ArrayList<>(template.entries());
        // A feature's patterns may be of a common part.
        template.parts().ifPresent(parts -> {
            judged.addAll(parts.entries());
            parts.manifest().features().forEach((name, feature) -> {
                if (feature.whereDeclared()) {
                    feature.paths().forEach(globs::remove);
                }
            });
        });
        globs.forEach((glob, key) -> {
            if (judged.stream().noneMatch(entry -> glob.matches(entry.path()))) {
                problems.add(
                        new Problem(key + ": '" + glob.pattern() + "' matches no file", "Correct it or leave it out"));
            }
        });
    }

    private static void unusedLiterals(Bundle template, List<Problem> problems) {
        List<Entry> entries = new ArrayList<>(template.entries());
        template.parts().ifPresent(parts -> entries.addAll(parts.entries()));
        for (Literal literal : template.manifest().literals()) {
            boolean found = entries.stream()
                    .anyMatch(entry -> entry.path().equals(literal.in())
                            && entry.content().toString().contains(literal.from()));
            if (!found) {
                problems.add(new Problem(
                        "literals: " + literal.in() + " does not contain '" + literal.from() + "'",
                        "Copy the text exactly"));
            }
        }
    }
}
