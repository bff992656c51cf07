package dev.slipway.tool;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a template says about itself in `slipway-template.yaml`; read by [#read] and by nothing else.
///
/// @param features by name, in the order of the file
/// @param oneOf groups of features of which exactly one is on, by group name
/// @param managed files that an update keeps equal to the template
/// @param seeded files that an update never touches
/// @param literals exact texts that read differently in a generated project
/// @param renames moves of files since older versions, for updates
/// @param inPlace files that serve the service where it stands and are not rendered, such as a stub for a common part
public record Manifest(
        String title,
        String about,
        Identity identity,
        Optional<ResourceToken> resource,
        SequencedMap<String, Feature> features,
        SequencedMap<String, List<String>> oneOf,
        List<Glob> managed,
        List<Glob> seeded,
        List<Literal> literals,
        List<Rename> renames,
        List<Glob> inPlace) {

    /// The file's name, beside the template's files and left out of what it generates.
    public static final String FILE = "slipway-template.yaml";

    /// The only version of the format so far.
    public static final int SPEC = 1;

    public Manifest {
        features = new LinkedHashMap<>(features);
        oneOf = new LinkedHashMap<>(oneOf);
        managed = List.copyOf(managed);
        seeded = List.copyOf(seeded);
        literals = List.copyOf(literals);
        renames = List.copyOf(renames);
        inPlace = List.copyOf(inPlace);
    }

    /// The names by which the template's own service goes; each is replaced wherever it stands.
    ///
    /// All are compound (`shop-order`, never `order`), so that no word of the domain is taken for one.
    ///
    /// @param packageName for example `dev.slipway.template.base`; also found as `dev/slipway/template/base`
    /// @param artifact the service's name in kebab case
    /// @param app the composition root's class
    /// @param env the prefix of its environment variables, with the underscore at its end
    /// @param database its database's name
    /// @param titleWords its name in prose, found with a capital and without
    /// @param port where it listens unless told otherwise
    /// @param managementPort where it answers probes and metrics; becomes the chosen port plus one
    /// @param grpcPort where it serves gRPC; becomes the chosen port plus two
    public record Identity(
            String packageName,
            String groupId,
            String artifact,
            String app,
            String env,
            Optional<String> database,
            Optional<String> titleWords,
            OptionalInt port,
            OptionalInt managementPort,
            OptionalInt grpcPort) {}

    /// The example resource that `--resource` renames: one word, since its case and its neighbours say which form of
    /// a longer name belongs there.
    ///
    /// @param name in Pascal case, for example `Widget`
    /// @param plural in lower case, for example `widgets`
    public record ResourceToken(String name, String plural) {}

    /// A part that can be left out.
    ///
    /// @param requires features without which it cannot be
    /// @param paths its files
    /// @param standard whether it is there when nothing is said
    /// @param packages of other modules that only it uses; whatever uses them goes along
    /// @param artifacts dependencies in the POM that go along
    /// @param settings sections of the settings that go along
    /// @param whereDeclared of the common parts: whether only those templates have it that declare it, too
    public record Feature(
            String title,
            Set<String> requires,
            List<Glob> paths,
            Set<String> packages,
            Set<String> artifacts,
            Set<String> settings,
            boolean standard,
            boolean whereDeclared) {
        public Feature {
            requires = Set.copyOf(requires);
            paths = List.copyOf(paths);
            packages = Set.copyOf(packages);
            artifacts = Set.copyOf(artifacts);
            settings = Set.copyOf(settings);
        }

        private Feature with(Feature common) {
            return new Feature(
                    title,
                    union(requires, common.requires),
                    Stream.concat(paths.stream(), common.paths.stream()).toList(),
                    union(packages, common.packages),
                    union(artifacts, common.artifacts),
                    union(settings, common.settings),
                    standard && common.standard,
                    false);
        }

        private static Set<String> union(Set<String> one, Set<String> other) {
            return Stream.concat(one.stream(), other.stream()).collect(Collectors.toSet());
        }
    }

    /// A text that reads differently in a generated project, for example the path to a parent POM.
    public record Literal(String in, String from, String to) {}

    /// A file or folder that moved.
    ///
    /// @param since the first version of the template that has it at `to`
    public record Rename(String since, String from, String to) {}

    /// Reads a manifest; all mistakes are reported at once, each with its line.
    ///
    /// @param source the name to show in messages
    /// @throws GenerationException if there are mistakes
    public static Manifest read(String source, String yaml) {
        return new ManifestReader(source, yaml).read();
    }

    /// With the features of common parts, and what those say about a template's files.
    Manifest with(Manifest parts) {
        var all = new LinkedHashMap<String, Feature>();
        features.forEach((name, feature) ->
                all.put(name, parts.features.containsKey(name) ? feature.with(parts.features.get(name)) : feature));
        parts.features.forEach((name, feature) -> {
            if (!feature.whereDeclared()) {
                all.putIfAbsent(name, feature);
            }
        });
        return new Manifest(
                title,
                about,
                identity,
                resource,
                all,
                oneOf,
                managed,
                seeded,
                Stream.concat(literals.stream(), parts.literals.stream()).toList(),
                renames,
                inPlace);
    }

    public Ownership ownershipOf(String templatePath) {
        if (managed.stream().anyMatch(glob -> glob.matches(templatePath))) {
            return Ownership.MANAGED;
        }
        return seeded.stream().anyMatch(glob -> glob.matches(templatePath)) ? Ownership.SEEDED : Ownership.MERGED;
    }

    /// The features that are on when nothing is said.
    public SequencedSet<String> standardFeatures() {
        SequencedSet<String> standard = new LinkedHashSet<>();
        features.forEach((name, feature) -> {
            if (feature.standard()) {
                standard.add(name);
            }
        });
        for (List<String> group : oneOf.values()) {
            String first = group.stream().filter(standard::contains).findFirst().orElse(group.getFirst());
            group.forEach(standard::remove);
            standard.add(first);
        }
        return standard;
    }

    /// All features but this one and those that cannot be without it.
    Set<String> without(String feature) {
        var left = new LinkedHashMap<>(features);
        left.remove(feature);
        boolean more = true;
        while (more) {
            more = left.values().removeIf(other -> !left.keySet().containsAll(other.requires()));
        }
        return Set.copyOf(left.keySet());
    }

    boolean hasFile(Set<String> chosen, String templatePath) {
        if (inPlace.stream().anyMatch(glob -> glob.matches(templatePath))) {
            return false;
        }
        for (Map.Entry<String, Feature> feature : features.entrySet()) {
            if (!chosen.contains(feature.getKey())
                    && feature.getValue().paths().stream().anyMatch(glob -> glob.matches(templatePath))) {
                return false;
            }
        }
        return true;
    }
}
