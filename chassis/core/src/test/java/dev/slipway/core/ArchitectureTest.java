package dev.slipway.core;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(25);
        allow(Rule.NO_CONSOLE, "Slipway", "why a process cannot start must be readable before there is a log");
        allow(Rule.CLOCK_IS_PASSED_IN, "Time", "the one place that all others take time from");
        allow(
                Rule.CLOCK_IS_PASSED_IN,
                "ManagementServer",
                "health must be told by when it was promised, though the time of a test stands still");
        allow(Rule.RANDOMNESS_IS_PASSED_IN, "Slipway", "what a service is given where its caller has nothing else");
    }
}
