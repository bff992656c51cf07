package dev.slipway.shop.product;

import dev.slipway.policy.Policy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds the service to the platform's rules; each rule is a test of its own.
class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> the_service_keeps_the_rules() {
        return Policy.service("dev.slipway.shop.product").atLeast(10).tests();
    }
}
