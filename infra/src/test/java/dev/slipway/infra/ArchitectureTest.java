package dev.slipway.infra;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.infra")
                .atLeast(10)
                .allow(Rule.NO_CONSOLE, "dev.slipway.infra.Main", "a command line prints its results")
                .allow(Rule.CLOCK_IS_PASSED_IN, "dev.slipway.infra.EmbeddedPostgres", "starts and stops a real process")
                .allow(
                        Rule.RANDOMNESS_IS_PASSED_IN,
                        "dev.slipway.infra",
                        "databases, containers and passwords of this machine get names that nobody else has")
                .tests();
    }
}
