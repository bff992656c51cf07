package dev.slipway.bench;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(10, "core", "graphql", "infra", "local", "operation", "security", "testkit", "web");
        allow(Rule.NO_CONSOLE, "Main", "a command line prints its results");
        allow(Rule.NO_CONSOLE, "GrpcClient", "its reports are for the process that started it");
        allow(Rule.CLOCK_IS_PASSED_IN, "it measures real time");
    }
}
