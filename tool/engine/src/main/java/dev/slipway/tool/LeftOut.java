package dev.slipway.tool;

import dev.slipway.tool.Manifest.Feature;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What goes with the features that are off, from files that stay: uses in Java, dependencies in the POM, sections of
/// the settings and of their reference.
final class LeftOut {

    private static final Pattern JAVA = Pattern.compile("(?:.*/)?(\\w+)\\.java");
    private static final Pattern SETTINGS = Pattern.compile("(?:.*/)?settings\\.yaml");
    private static final Pattern REFERENCE = Pattern.compile("docs/settings\\.md");

    private final Set<String> packages = new HashSet<>();
    private final Set<String> artifacts = new HashSet<>();
    private final Set<String> settings = new HashSet<>();
    private final Set<String> types;

    LeftOut(Bundle template, Set<String> chosen) {
        Manifest manifest = template.manifest();
        List<Feature> off = manifest.features().entrySet().stream()
                .filter(feature -> !chosen.contains(feature.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        for (Feature feature : off) {
            packages.addAll(feature.packages());
            artifacts.addAll(feature.artifacts());
            settings.addAll(feature.settings());
        }
        types = template.entries().stream()
                .map(Entry::path)
                .filter(path -> off.stream()
                        .flatMap(feature -> feature.paths().stream())
                        .anyMatch(glob -> glob.matches(path)))
                .map(JAVA::matcher)
                .filter(Matcher::matches)
                .map(file -> file.group(1))
                .collect(Collectors.toSet());
    }

    String from(String path, String text) {
        if (path.endsWith(".java")) {
            return Regions.withoutOrphans(text, Trimming.without(text, packages, types));
        }
        if (path.equals("pom.xml")) {
            return without(
                    text,
                    artifacts,
                    "[ \\t]*<dependency>(?:(?!</dependency>)[\\s\\S])*?<artifactId>%s</artifactId>"
                            + "[\\s\\S]*?</dependency>[ \\t]*\\R?");
        }
        if (SETTINGS.matcher(path).matches()) {
            return without(text, settings, "(?m)(?:^#.*\\R)*^%s:.*\\R?(?:[ \\t].*\\R?)*");
        }
        if (REFERENCE.matcher(path).matches()) {
            return without(text, settings, "(?m)^## %s$[\\s\\S]*?(?=^## |\\z)");
        }
        return text;
    }

    boolean changes(String path, String text) {
        try {
            return !from(path, text).equals(text);
        } catch (GenerationException cannotBeTrimmed) {
            return true;
        }
    }

    private static String without(String text, Set<String> names, String pattern) {
        String kept = text;
        for (String name : names) {
            kept = Pattern.compile(pattern.formatted(Pattern.quote(name)))
                    .matcher(kept)
                    .replaceAll("");
        }
        return kept;
    }
}
