package dev.slipway.platform;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.platform")
                .atLeast(2)
                .mayUse(
                        "dev.slipway.core",
                        "dev.slipway.telemetry",
                        "dev.slipway.security",
                        "dev.slipway.postgres",
                        "dev.slipway.operation")
                .tests();
    }
}
