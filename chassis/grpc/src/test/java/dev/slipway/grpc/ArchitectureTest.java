package dev.slipway.grpc;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.grpc")
                .atLeast(20)
                .mayUse("dev.slipway.core", "dev.slipway.security", "dev.slipway.operation", "dev.slipway.resilience")
                .allow(
                        Rule.NO_UNMANAGED_THREADS,
                        "dev.slipway.grpc.Certificates",
                        "The common pool's timer is the one that the JDK keeps anyway; nothing runs on its threads.")
                .tests();
    }
}
