package dev.slipway.core;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.core")
                .atLeast(25)
                .allow(
                        Rule.NO_CONSOLE,
                        "dev.slipway.core.Slipway",
                        "why a process cannot start must be readable before there is a log")
                .allow(Rule.CLOCK_IS_PASSED_IN, "dev.slipway.core.Time", "the one place that all others take time from")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.core.ManagementServer",
                        "health must be told by when it was promised, though the time of a test stands still")
                .allow(
                        Rule.RANDOMNESS_IS_PASSED_IN,
                        "dev.slipway.core.Slipway",
                        "what a service is given where its caller has nothing else")
                .tests();
    }
}
