package dev.slipway.tool;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/// A request that was found good: everything a render needs to know besides the bundle.
///
/// Values are checked by strict patterns here, before they reach a path, XML, YAML, SQL or Java.
public final class Answers {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern GROUP =
            Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*(\\.[a-z][a-z0-9]*(-[a-z0-9]+)*)*");
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_PACKAGE = 100;
    private static final Set<String> TAKEN_NAMES = Set.of("slipway", "java", "target", "src");
    private static final Pattern TAKEN_PACKAGES = Pattern.compile("(java|javax|jdk|sun)(\\..*)?");
    private static final int LOWEST_PORT = 1024;
    private static final int HIGHEST_PORT = 65_535;

    private final Words name;
    private final String group;
    private final String packageName;
    private final Optional<Resource> resource;
    private final OptionalInt port;
    private final SequencedSet<String> features;

    private Answers(
            Words name,
            String group,
            String packageName,
            Optional<Resource> resource,
            OptionalInt port,
            SequencedSet<String> features) {
        this.name = name;
        this.group = group;
        this.packageName = packageName;
        this.resource = resource;
        this.port = port;
        this.features = features;
    }

    /// Judges a request for this template.
    ///
    /// @throws GenerationException with every problem at once
    public static Answers of(Bundle template, Request request) {
        List<Problem> problems = new ArrayList<>();
        String name = request.name();
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            problems.add(new Problem(
                    "name '" + PathRules.shown(name) + "' is not in kebab case or longer than " + LONGEST_NAME,
                    "Use small letters, digits and single dashes, a letter first, for example gift-cards"));
        } else if (TAKEN_NAMES.contains(name) || PathRules.problem(name).isPresent()) {
            problems.add(new Problem("name '" + name + "' is taken", "Choose another"));
        }
        String group = request.group().orElse("com.example");
        if (group.length() > LONGEST_PACKAGE || !GROUP.matcher(group).matches()) {
            problems.add(new Problem(
                    "group '" + PathRules.shown(group) + "' is not a Maven group", "Write it like com.acme"));
        }
        String packageName = request.packageName().orElseGet(() -> (group + "." + name).replace("-", ""));
        if (problems.isEmpty() || request.packageName().isPresent()) {
            packageProblem(packageName).ifPresent(problems::add);
        }
        Optional<Resource> resource = resource(template, request, problems);
        checkPort(template.manifest(), request.port(), problems);
        SequencedSet<String> features = new FeatureChoice(template.manifest(), problems).choose(request);
        if (!problems.isEmpty()) {
            throw new GenerationException(GenerationException.Cause.REQUEST, problems);
        }
        return new Answers(Words.ofKebab(name), group, packageName, resource, request.port(), features);
    }

    private static Optional<Problem> packageProblem(String packageName) {
        String shown = "package '" + PathRules.shown(packageName) + "' ";
        if (packageName.length() > LONGEST_PACKAGE
                || !PACKAGE.matcher(packageName).matches()) {
            return Optional.of(new Problem(
                    shown + "is not a Java package of two parts or more",
                    "Give --package, for example com.acme.loyalty"));
        }
        if (!SourceVersion.isName(packageName)) {
            return Optional.of(new Problem(shown + "contains a keyword of Java", "Give another with --package"));
        }
        if (TAKEN_PACKAGES.matcher(packageName).matches()
                || PathRules.problem(packageName.replace('.', '/')).isPresent()) {
            return Optional.of(new Problem(shown + "belongs to the JDK or the system", "Give another with --package"));
        }
        return Optional.empty();
    }

    private static Optional<Resource> resource(Bundle template, Request request, List<Problem> problems) {
        if (request.resource().isEmpty()) {
            return Optional.empty();
        }
        if (template.manifest().resource().isEmpty()) {
            problems.add(new Problem("this template has no resource to rename", "Leave --resource out"));
            return Optional.empty();
        }
        return Resource.parse(request.resource().get(), problems);
    }

    private static void checkPort(Manifest manifest, OptionalInt port, List<Problem> problems) {
        if (port.isEmpty()) {
            return;
        }
        Manifest.Identity identity = manifest.identity();
        int highest = HIGHEST_PORT - (identity.managementPort().isPresent() ? 1 : 0);
        highest = identity.grpcPort().isPresent() ? HIGHEST_PORT - 2 : highest;
        if (port.getAsInt() < LOWEST_PORT || port.getAsInt() > highest) {
            problems.add(new Problem(
                    "port " + port.getAsInt() + " cannot be used", "Choose " + LOWEST_PORT + " to " + highest));
        }
        if (manifest.identity().port().isEmpty()) {
            problems.add(new Problem("this template does not listen on a port", "Leave --port out"));
        }
    }

    /// The service's name in kebab case; its artifact is called the same.
    public String name() {
        return name.kebab();
    }

    public String group() {
        return group;
    }

    public String packageName() {
        return packageName;
    }

    /// Empty: the template's example resource stays.
    public Optional<Resource> resource() {
        return resource;
    }

    /// Empty: the template's own port.
    public OptionalInt port() {
        return port;
    }

    /// In the manifest's order.
    public SequencedSet<String> features() {
        return new LinkedHashSet<>(features);
    }

    Words words() {
        return name;
    }

    /// The chosen features by their names, sorted, for people.
    @Override
    public String toString() {
        return group + ":" + name.kebab() + " " + packageName + " " + new TreeSet<>(features);
    }
}
