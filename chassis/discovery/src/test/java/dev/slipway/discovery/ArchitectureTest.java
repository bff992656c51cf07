package dev.slipway.discovery;

import dev.slipway.policy.LibraryRules;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(18, "core");
    }
}
