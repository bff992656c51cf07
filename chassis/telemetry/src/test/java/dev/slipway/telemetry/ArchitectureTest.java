package dev.slipway.telemetry;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(10, "core");
        allow(Rule.NO_CONSOLE, "LogConfigurator", "standard output is where the log goes");
        allow(
                Rule.CLOCK_IS_PASSED_IN,
                "LogWriter",
                "the log is the process' and not a service's: it is there before any service");
    }
}
