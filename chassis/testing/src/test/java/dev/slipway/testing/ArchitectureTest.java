package dev.slipway.testing;

import dev.slipway.policy.LibraryRules;
import dev.slipway.policy.Rule;

class ArchitectureTest extends LibraryRules {
    ArchitectureTest() {
        super(8, "core", "local", "testkit");
        allow(Rule.CLOCK_IS_PASSED_IN, "Pages", "signs in at a service that runs by itself");
        allow(
                Rule.RANDOMNESS_IS_PASSED_IN,
                "tests make up names, keys and values; those that choose at random print their seed");
    }
}
