package dev.slipway.policy;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds a module of the chassis, infra or tool to the platform's rules; each rule is a test of its own.
///
/// A test class in the module's package extends this:
///
/// ```java
/// class ArchitectureTest extends LibraryRules {
///     ArchitectureTest() {
///         super(20, "core", "security");
///         allow(Rule.NO_CONSOLE, "Main", "a command line prints its results");
///     }
/// }
/// ```
public abstract class LibraryRules {
    private final String root = getClass().getPackageName();
    private final Policy policy = Policy.library(root);

    /// @param atLeast how many classes the module has, as [Policy#atLeast]
    /// @param mayUse the modules that are open to this one, by what their packages are called beside its own
    protected LibraryRules(int atLeast, String... mayUse) {
        var beside = root.substring(0, root.lastIndexOf('.') + 1);
        policy.atLeast(atLeast).mayUse(Arrays.stream(mayUse).map(beside::concat).toArray(String[]::new));
    }

    /// As [Policy#allow], for one class of the module.
    protected final void allow(Rule rule, String className, String reason) {
        policy.allow(rule, root + "." + className, reason);
    }

    /// As [Policy#allow], for the whole module.
    protected final void allow(Rule rule, String reason) {
        policy.allow(rule, root, reason);
    }

    @TestFactory
    public final Stream<DynamicTest> the_module_keeps_the_rules() {
        return policy.tests();
    }
}
