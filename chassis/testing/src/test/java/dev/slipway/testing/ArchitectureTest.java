package dev.slipway.testing;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.testing")
                .atLeast(8)
                .mayUse("dev.slipway.core", "dev.slipway.local", "dev.slipway.testkit")
                .tests();
    }
}
