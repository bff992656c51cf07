package dev.slipway.infra;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(10);
        allow(Rule.NO_CONSOLE, "Main", "a command line prints its results");
        allow(Rule.CLOCK_IS_PASSED_IN, "EmbeddedPostgres", "starts and stops a real process");
        allow(
                Rule.RANDOMNESS_IS_PASSED_IN,
                "databases, containers and passwords of this machine get names that nobody else has");
    }
}
