package dev.slipway.testing;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.testing")
                .atLeast(8)
                .mayUse("dev.slipway.core", "dev.slipway.local", "dev.slipway.testkit")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.testing.Pages",
                        "signs in at a service that runs by itself")
                .allow(
                        Rule.RANDOMNESS_IS_PASSED_IN,
                        "dev.slipway.testing",
                        "tests make up names, keys and values; those that choose at random print their seed")
                .tests();
    }
}
