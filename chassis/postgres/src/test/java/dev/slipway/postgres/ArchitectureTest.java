package dev.slipway.postgres;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(20, "core", "operation");
        allow(
                Rule.CLOCK_IS_PASSED_IN,
                "Notifications",
                "waits for a thread of its own to end, which a time that stands still must not hinder");
    }
}
