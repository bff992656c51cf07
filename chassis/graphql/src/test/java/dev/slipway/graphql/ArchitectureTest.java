package dev.slipway.graphql;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.graphql")
                .atLeast(20)
                .mayUse(
                        "dev.slipway.core",
                        "dev.slipway.security",
                        "dev.slipway.operation",
                        "dev.slipway.resilience",
                        "dev.slipway.web")
                .tests();
    }
}
