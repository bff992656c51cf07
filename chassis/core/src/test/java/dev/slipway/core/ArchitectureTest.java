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
                .tests();
    }
}
