package dev.slipway.bench;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.bench")
                .atLeast(10)
                .mayUse(
                        "dev.slipway.core",
                        "dev.slipway.graphql",
                        "dev.slipway.infra",
                        "dev.slipway.local",
                        "dev.slipway.operation",
                        "dev.slipway.security",
                        "dev.slipway.testkit",
                        "dev.slipway.web")
                .allow(Rule.NO_CONSOLE, "dev.slipway.bench.Main", "a command line prints its results")
                .allow(
                        Rule.NO_CONSOLE,
                        "dev.slipway.bench.GrpcClient",
                        "its reports are for the process that started it")
                .allow(Rule.CLOCK_IS_PASSED_IN, "dev.slipway.bench", "it measures real time")
                .tests();
    }
}
