package dev.slipway.testkit;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.testkit")
                .atLeast(4)
                .mayUse("dev.slipway.core")
                .tests();
    }
}
