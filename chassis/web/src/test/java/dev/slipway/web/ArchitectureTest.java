package dev.slipway.web;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(30, "core", "operation", "resilience", "security");
        allow(
                Rule.CLOCK_IS_PASSED_IN,
                "Rest",
                "waits for the thread in which Helidon stops, which a time that stands still must not hinder");
    }
}
