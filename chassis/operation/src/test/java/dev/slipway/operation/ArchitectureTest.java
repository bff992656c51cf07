package dev.slipway.operation;

import dev.slipway.policy.LibraryRules;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(20, "core", "security");
    }
}
