package dev.slipway.policy;

import static java.util.Comparator.naturalOrder;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The classes of one module, and the questions that several checks ask of them.
///
/// @param root the package that holds the whole module
/// @param classes without package-infos
/// @param apps the service definitions among them; a sound service has one
record Scope(String root, List<JavaClass> classes, List<JavaClass> apps) {
    static final String OURS = "dev.slipway";

    private static final String SERVICE_DEFINITION = OURS + ".core.ServiceDefinition";

    /// Imports classes without what they use from elsewhere, which no rule looks into: that halves the time.
    static JavaClasses read(Function<ClassFileImporter, JavaClasses> importing) {
        return ArchConfiguration.withThreadLocalScope((ArchConfiguration configuration) -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return importing.apply(new ClassFileImporter());
        });
    }

    static Scope of(String root, JavaClasses imported) {
        var classes = imported.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
        var apps = classes.stream()
                .filter(type -> !type.isInterface() && type.isAssignableTo(SERVICE_DEFINITION))
                .toList();
        return new Scope(root, classes, apps);
    }

    /// Is this class or package `tree` itself, or inside it?
    static boolean within(String name, String tree) {
        return name.startsWith(tree)
                && (name.length() == tree.length()
                        || name.charAt(tree.length()) == '.'
                        || name.charAt(tree.length()) == '$');
    }

    static JavaClass target(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType();
    }

    /// Is this neither the App nor nested in it?
    boolean isOutsideApp(JavaClass type) {
        return apps.stream().noneMatch(app -> within(type.getName(), app.getName()));
    }

    Seen look(Function<JavaClass, Stream<String>> look) {
        return Seen.in(classes, look);
    }

    Seen lookOutsideApp(Function<JavaClass, Stream<String>> look) {
        return Seen.in(classes, type -> isOutsideApp(type) ? look.apply(type) : Stream.empty());
    }

    /// One line for each class that is used, however often.
    static Stream<String> describe(Stream<Dependency> dependencies) {
        return dependencies
                .collect(Collectors.toMap(
                        Scope::target, Dependency::getDescription, BinaryOperator.minBy(naturalOrder())))
                .values()
                .stream();
    }

    boolean contains(JavaClass type) {
        return within(type.getPackageName(), root);
    }

    /// The package's name below the root: `place`, `place.graphql`, or nothing for the root itself.
    String below(JavaClass type) {
        var name = type.getPackageName();
        return name.length() > root.length() ? name.substring(root.length() + 1) : "";
    }

    /// What the class uses of the same module.
    Stream<Dependency> uses(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream().filter(dependency -> contains(target(dependency)));
    }
}
