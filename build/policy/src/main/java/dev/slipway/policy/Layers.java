package dev.slipway.policy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks at which package uses which.
final class Layers {
    /// What would let a class reach whatever it likes.
    private static final Set<String> OF_THE_WIRING =
            Set.of(Scope.OURS + ".core.Assembly", Scope.OURS + ".platform.Platform");

    private static final Set<String> IN_EVERY_DOMAIN =
            Set.of("java", "org.jspecify.annotations", "com.google.errorprone.annotations");

    private static final Set<String> IN_NO_DOMAIN = Set.of("java.sql", "java.net.http");

    /// What lies below an internal package is that package's own business.
    private static final Pattern INTERNAL = Pattern.compile("\\.internal(\\..*)?$");

    private Layers() {}

    static Seen cycles(Scope scope, JavaClasses imported) {
        var cycles = SlicesRuleDefinition.slices()
                .assignedFrom(new ByPackage())
                .namingSlices("$1")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .evaluate(imported)
                .getFailureReport()
                .getDetails();
        var packages = scope.classes().stream().map(JavaClass::getPackageName).distinct();
        return new Seen(
                (int) packages.count(),
                cycles.stream().map(what -> new Finding(scope.root(), what)).toList());
    }

    static Seen downwards(Scope scope, Set<String> declared) {
        return scope.look(type -> Scope.describe(outwards(scope, type).filter(it -> !isIn(it, declared))));
    }

    static Seen chassisInternals(Scope scope) {
        return scope.look(type -> Scope.describe(outwards(scope, type)
                .filter(it ->
                        INTERNAL.matcher(Scope.target(it).getPackageName()).find())));
    }

    static Seen app(Scope scope) {
        var apps = scope.apps();
        var placing = apps.stream()
                .filter(app -> apps.size() > 1 || !app.getPackageName().equals(scope.root()))
                .map(app -> new Finding(
                        app.getName(),
                        app.getName() + " is a ServiceDefinition; there is one, directly in " + scope.root()));
        var users = scope.classes().stream()
                .filter(scope::isOutsideApp)
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream()
                        .filter(it -> apps.contains(Scope.target(it))
                                || OF_THE_WIRING.contains(Scope.target(it).getName()))
                        .map(it -> new Finding(type.getName(), it.getDescription())));
        return new Seen(apps.size(), Stream.concat(placing, users).toList());
    }

    static Seen domain(Scope scope, Set<String> allowed) {
        var domain =
                scope.classes().stream().filter(type -> isDomain(scope, type)).toList();
        return Seen.in(
                domain,
                type -> Scope.describe(type.getDirectDependenciesFromSelf().stream()
                        .filter(it -> !Scope.target(it).isPrimitive())
                        .filter(it -> !domain.contains(Scope.target(it)))
                        .filter(it -> isIn(it, IN_NO_DOMAIN) || !isIn(it, IN_EVERY_DOMAIN))
                        .filter(it -> !isIn(it, allowed))));
    }

    static Seen slices(Scope scope, Set<String> adapters) {
        var slices = scope.classes().stream()
                .filter(type -> !sliceOf(scope, type).isEmpty())
                .filter(type -> !isDomain(scope, type))
                .filter(type -> !adapters.contains(sliceOf(scope, type)))
                .toList();
        return Seen.in(
                slices,
                type -> Scope.describe(scope.uses(type)
                        .filter(it -> slices.contains(Scope.target(it)))
                        .filter(it -> !sliceOf(scope, Scope.target(it)).equals(sliceOf(scope, type)))));
    }

    private static Stream<Dependency> outwards(Scope scope, JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .filter(it -> isIn(it, Set.of(Scope.OURS)))
                .filter(it -> !scope.contains(Scope.target(it)));
    }

    private static boolean isDomain(Scope scope, JavaClass type) {
        return ("." + scope.below(type) + ".").contains(".domain.");
    }

    private static String sliceOf(Scope scope, JavaClass type) {
        return scope.below(type).replaceFirst("\\..*", "");
    }

    private static boolean isIn(Dependency dependency, Set<String> trees) {
        return trees.stream()
                .anyMatch(tree -> Scope.within(Scope.target(dependency).getName(), tree));
    }

    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(INTERNAL.matcher(type.getPackageName()).replaceFirst(""));
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
