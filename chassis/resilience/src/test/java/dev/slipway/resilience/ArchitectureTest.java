package dev.slipway.resilience;

import dev.slipway.policy.LibraryRules;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(15, "core");
    }
}
