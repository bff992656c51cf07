package dev.slipway.grpc;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(20, "core", "security", "operation", "resilience");
        allow(
                Rule.NO_UNMANAGED_THREADS,
                "Certificates",
                "The common pool's timer is the one that the JDK keeps anyway; nothing runs on its threads.");
    }
}
