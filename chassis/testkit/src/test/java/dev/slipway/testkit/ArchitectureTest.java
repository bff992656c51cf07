package dev.slipway.testkit;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(4, "core");
        allow(Rule.CLOCK_IS_PASSED_IN, "Await", "a test waits in real time");
        allow(Rule.CLOCK_IS_PASSED_IN, "VirtualTime", "the other side of the seam");
    }
}
