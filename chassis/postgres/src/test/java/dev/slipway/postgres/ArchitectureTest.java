package dev.slipway.postgres;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.postgres")
                .atLeast(20)
                .mayUse("dev.slipway.core", "dev.slipway.operation")
                .tests();
    }
}
