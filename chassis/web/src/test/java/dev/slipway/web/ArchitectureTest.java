package dev.slipway.web;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.web")
                .atLeast(30)
                .mayUse("dev.slipway.core", "dev.slipway.operation", "dev.slipway.resilience", "dev.slipway.security")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.web.Rest",
                        "waits for the thread in which Helidon stops, which a time that stands still must not hinder")
                .tests();
    }
}
