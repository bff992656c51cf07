package dev.slipway.postgres;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.postgres")
                .atLeast(20)
                .mayUse("dev.slipway.core", "dev.slipway.operation")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.postgres.Notifications",
                        "waits for a thread of its own to end, which a time that stands still must not hinder")
                .tests();
    }
}
