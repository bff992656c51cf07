package dev.slipway.security;

import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return dev.slipway.policy.Policy.library("dev.slipway.security")
                .atLeast(10)
                .mayUse("dev.slipway.core")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.security.FetchedKeys",
                        "the time limit of a download, over a real network")
                .tests();
    }
}
