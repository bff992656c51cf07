package dev.slipway.testkit;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.testkit")
                .atLeast(4)
                .mayUse("dev.slipway.core")
                .allow(Rule.CLOCK_IS_PASSED_IN, "dev.slipway.testkit.Await", "a test waits in real time")
                .allow(Rule.CLOCK_IS_PASSED_IN, "dev.slipway.testkit.VirtualTime", "the other side of the seam")
                .tests();
    }
}
