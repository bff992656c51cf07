package dev.slipway.platform;

import dev.slipway.policy.LibraryRules;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(2, "core", "telemetry", "security", "postgres", "operation");
    }
}
