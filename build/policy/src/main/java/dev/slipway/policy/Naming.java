package dev.slipway.policy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks at how classes are called and packages are marked.
final class Naming {
    private static final Pattern EMPTY_WORDS =
            Pattern.compile(".*(Impl|Manager|Helper|Utils?|Common|Base)|Abstract[A-Z].*|.*HTTP.*");

    private Naming() {}

    static Seen plainNames(Scope scope) {
        return scope.look(type ->
                saysNothing(type) ? Stream.of(type.getName() + " has a name that says nothing") : Stream.empty());
    }

    /// In a package that is called so, the word is what the package is about: `staff.manager.ReadManager`.
    private static boolean saysNothing(JavaClass type) {
        var found = EMPTY_WORDS.matcher(type.getSimpleName());
        return found.matches()
                && !(found.group(1) != null
                        && type.getPackageName().endsWith("." + found.group(1).toLowerCase(Locale.ROOT)));
    }

    static Seen nullMarked(Scope scope) {
        var packages = scope.classes().stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        return new Seen(
                packages.size(),
                packages.stream()
                        .filter(it -> !it.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                        .map(JavaPackage::getName)
                        .sorted()
                        .map(name -> new Finding(name, name + " has no package-info.java with @NullMarked"))
                        .toList());
    }
}
