package dev.slipway.tool;

import dev.slipway.tool.Manifest.Feature;
import dev.slipway.tool.Manifest.Identity;
import dev.slipway.tool.Manifest.Literal;
import dev.slipway.tool.Manifest.Rename;
import dev.slipway.tool.Manifest.ResourceToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// From YAML to a [Manifest]: the shape, and everything that can be judged without the template's files.
final class ManifestReader {

    private static final Pattern FEATURE = Pattern.compile("[a-z][a-z0-9-]*");
    private static final String END_OF_REGION = "end";

    private final List<Problem> problems = new ArrayList<>();
    private final YamlSection root;

    ManifestReader(String source, String yaml) {
        root = YamlSection.root(source, YamlReader.read(source, yaml), problems);
    }

    Manifest read() {
        String spec = root.text("spec");
        if (!spec.isEmpty() && !spec.equals(String.valueOf(Manifest.SPEC))) {
            root.wrong(root.line("spec"), "spec " + spec + " is not known", "Write 'spec: 1', or update slipway");
        }
        var title = root.text("title");
        var about = root.text("about");
        var resource = root.section("resource").map(this::resource);
        var identity = root.section("identity").map(section -> identity(section, resource));
        if (identity.isEmpty() && !root.keys().contains("identity")) {
            root.wrong(1, "'identity' is missing", "Add the tokens that stand for the service");
        }
        var features = features();
        var oneOf = oneOf(features);
        var ownership = root.section("ownership");
        var managed = ownership.map(section -> globs(section, "managed")).orElse(List.of());
        var seeded = ownership.map(section -> globs(section, "seeded")).orElse(List.of());
        ownership.ifPresent(YamlSection::refuseUnknown);
        var literals = root.items("literals").stream().map(this::literal).toList();
        var renames = root.items("renames").stream().map(this::rename).toList();
        var inPlace = globs(root, "inPlace");
        root.refuseUnknown();
        if (!problems.isEmpty() || identity.isEmpty()) {
            throw new GenerationException(GenerationException.Cause.TEMPLATE, problems);
        }
        return new Manifest(
                title, about, identity.get(), resource, features, oneOf, managed, seeded, literals, renames, inPlace);
    }

    private Identity identity(YamlSection section, Optional<ResourceToken> resource) {
        Map<String, String> seen = new HashMap<>();
        resource.ifPresent(token -> {
            seen.put(token.name(), "resource.name");
            seen.put(token.plural(), "resource.plural");
        });
        var identity = new Identity(
                token(section, "package", "[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)+", seen),
                token(section, "groupId", "[a-z][a-z0-9]*(\\.[a-z][a-z0-9-]*)+", seen),
                token(section, "artifact", "[a-z][a-z0-9]*(-[a-z0-9]+)+", seen),
                token(section, "app", "([A-Z][a-z0-9]+){2,}", seen),
                token(section, "env", "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*_", seen),
                optionalToken(section, "database", "[a-z][a-z0-9]*(_[a-z0-9]+)+", seen),
                optionalToken(section, "title", "[A-Z][a-z0-9]*( [a-z0-9]+)+", seen),
                port(section, "port"),
                port(section, "managementPort"),
                port(section, "grpcPort"));
        section.refuseUnknown();
        return identity;
    }

    private String token(YamlSection section, String key, String form, Map<String, String> seen) {
        String token = section.text(key);
        if (!token.isEmpty()) {
            checkToken(section, key, token, form, seen);
        }
        return token;
    }

    private Optional<String> optionalToken(YamlSection section, String key, String form, Map<String, String> seen) {
        Optional<String> token = section.optionalText(key);
        token.ifPresent(value -> checkToken(section, key, value, form, seen));
        return token;
    }

    private void checkToken(YamlSection section, String key, String token, String form, Map<String, String> seen) {
        if (!token.matches(form)) {
            section.wrong(
                    section.line(key),
                    "identity." + key + " '" + token + "' is a bare word or has the wrong form",
                    "Use a compound token that matches " + form);
        }
        String other = seen.putIfAbsent(token, "identity." + key);
        if (other != null) {
            section.wrong(
                    section.line(key),
                    "identity." + key + " is the same as " + other,
                    "Choose distinct tokens, since each is replaced by something else");
        }
    }

    private OptionalInt port(YamlSection section, String key) {
        Optional<String> text = section.optionalText(key);
        if (text.isPresent() && !text.get().matches("[1-9][0-9]{3,4}")) {
            section.wrong(section.line(key), "identity." + key + " is not a port", "Use 1024 to 65533");
            return OptionalInt.empty();
        }
        return text.isPresent() ? OptionalInt.of(Integer.parseInt(text.get())) : OptionalInt.empty();
    }

    private ResourceToken resource(YamlSection section) {
        var token = new ResourceToken(section.text("name"), section.text("plural"));
        if (!token.name().matches("[A-Z][a-z]+")) {
            section.wrong(
                    section.line("name"),
                    "resource.name '" + token.name() + "' is not one capitalised word",
                    "Use one word such as Widget; what replaces it may have several");
        }
        if (!token.plural().matches("[a-z]+") || token.plural().equalsIgnoreCase(token.name())) {
            section.wrong(
                    section.line("plural"),
                    "resource.plural '" + token.plural() + "' is not one lower-case word other than the name",
                    "Use one word such as widgets");
        }
        section.refuseUnknown();
        return token;
    }

    private SequencedMap<String, Feature> features() {
        SequencedMap<String, Feature> features = new LinkedHashMap<>();
        var section = root.section("features");
        section.map(YamlSection::sections).orElse(Map.of()).forEach((name, feature) -> {
            if (!FEATURE.matcher(name).matches() || name.equals(END_OF_REGION)) {
                feature.wrong(
                        section.get().line(name), "feature '" + name + "' has a bad name", "Use kebab case, not 'end'");
            }
            features.put(
                    name,
                    new Feature(
                            feature.optionalText("title").orElse(name),
                            new LinkedHashSet<>(feature.texts("requires")),
                            globs(feature, "paths"),
                            new LinkedHashSet<>(feature.texts("packages")),
                            new LinkedHashSet<>(feature.texts("artifacts")),
                            new LinkedHashSet<>(feature.texts("settings")),
                            feature.flag("default", true),
                            feature.flag("whereDeclared", false)));
            feature.refuseUnknown();
        });
        features.forEach((name, feature) -> {
            for (String required : feature.requires()) {
                if (!features.containsKey(required)) {
                    root.wrong(
                            root.line("features"),
                            "feature '" + name + "' requires '" + required + "', which does not exist",
                            Nearest.to(required, features.keySet())
                                    .map(near -> "Did you mean '" + near + "'?")
                                    .orElse("Declare it"));
                }
            }
        });
        return features;
    }

    private SequencedMap<String, List<String>> oneOf(Map<String, Feature> features) {
        SequencedMap<String, List<String>> groups = new LinkedHashMap<>();
        root.section("oneOf").ifPresent(section -> {
            for (String group : section.keys()) {
                List<String> choices = section.texts(group);
                if (choices.size() < 2 || !features.keySet().containsAll(choices)) {
                    section.wrong(
                            section.line(group),
                            "oneOf." + group + " must name two or more declared features",
                            "Declare each under 'features'");
                } else {
                    groups.put(group, choices);
                }
            }
        });
        return groups;
    }

    private List<Glob> globs(YamlSection section, String key) {
        List<String> texts = section.texts(key);
        for (String text : texts) {
            if (text.startsWith("/") || text.contains("..") || text.contains("\\")) {
                section.wrong(
                        section.line(key), "'" + text + "' is not a pattern inside the template", "Make it relative");
            }
        }
        return texts.stream().map(Glob::new).toList();
    }

    private Literal literal(YamlSection section) {
        var literal = new Literal(section.text("in"), section.text("from"), section.text("to"));
        section.refuseUnknown();
        return literal;
    }

    private Rename rename(YamlSection section) {
        var rename = new Rename(section.text("since"), section.text("from"), section.text("to"));
        section.refuseUnknown();
        return rename;
    }
}
