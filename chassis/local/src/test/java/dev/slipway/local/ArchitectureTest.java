package dev.slipway.local;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.local")
                .atLeast(2)
                .mayUse("dev.slipway.core", "dev.slipway.infra")
                .allow(
                        Rule.NO_CONSOLE,
                        "dev.slipway.local.AotTraining",
                        "a step of a build tells its result to who runs the build")
                .allow(
                        Rule.NO_CONSOLE,
                        "dev.slipway.local.DevelopmentTokens",
                        "a command prints the token that it makes")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.local.AotTraining",
                        "a step of a build waits for a real process")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.local.Practice",
                        "calls a real process for so many seconds")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.local.DevelopmentTokens",
                        "a command makes a token that is valid now")
                .allow(
                        Rule.RANDOMNESS_IS_PASSED_IN,
                        "dev.slipway.local.DevelopmentTokens",
                        "no two tokens have the same id")
                .tests();
    }
}
