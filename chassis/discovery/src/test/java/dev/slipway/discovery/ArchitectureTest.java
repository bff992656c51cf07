package dev.slipway.discovery;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.discovery")
                .atLeast(18)
                .mayUse("dev.slipway.core")
                .tests();
    }
}
