package dev.slipway.local;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(2, "core", "infra");
        allow(Rule.NO_CONSOLE, "AotTraining", "a step of a build tells its result to who runs the build");
        allow(Rule.NO_CONSOLE, "DevelopmentTokens", "a command prints the token that it makes");
        allow(Rule.CLOCK_IS_PASSED_IN, "AotTraining", "a step of a build waits for a real process");
        allow(Rule.CLOCK_IS_PASSED_IN, "Practice", "calls a real process for so many seconds");
        allow(Rule.CLOCK_IS_PASSED_IN, "DevelopmentTokens", "a command makes a token that is valid now");
        allow(Rule.RANDOMNESS_IS_PASSED_IN, "DevelopmentTokens", "no two tokens have the same id");
    }
}
