package dev.slipway.telemetry;

import dev.slipway.policy.Policy;
import dev.slipway.policy.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> rules() {
        return Policy.library("dev.slipway.telemetry")
                .atLeast(10)
                .mayUse("dev.slipway.core")
                .allow(Rule.NO_CONSOLE, LogConfigurator.class.getName(), "standard output is where the log goes")
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.telemetry.LogWriter",
                        "the log is the process' and not a service's: it is there before any service")
                .tests();
    }
}
