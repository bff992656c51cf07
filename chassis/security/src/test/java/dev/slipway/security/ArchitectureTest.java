package dev.slipway.security;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(10, "core");
        allow(Rule.CLOCK_IS_PASSED_IN, "FetchedKeys", "the time limit of a download, over a real network");
    }
}
