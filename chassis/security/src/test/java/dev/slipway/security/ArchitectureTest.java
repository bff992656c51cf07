package dev.slipway.security;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return dev.slipway.policy.Policy.library("dev.slipway.security")
                .atLeast(10)
                .mayUse("dev.slipway.core")
                .tests();
    }
}
