package dev.slipway.policy;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds a service to the platform's rules; each rule is a test of its own.
///
/// A test class beside the service's App extends this, and overrides [#policy] where a rule must be waived for a while.
public abstract class ServiceRules {
    private static final int FEWEST_CLASSES = 10;

    @TestFactory
    public final Stream<DynamicTest> the_service_keeps_the_rules() {
        return policy().tests();
    }

    /// For the package of the test and all below it.
    protected Policy policy() {
        return Policy.service(getClass().getPackageName()).atLeast(FEWEST_CLASSES);
    }
}
