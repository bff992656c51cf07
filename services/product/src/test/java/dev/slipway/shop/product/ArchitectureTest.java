package dev.slipway.shop.product;

import dev.slipway.policy.Policy;
import dev.slipway.policy.ServiceRules;

class ArchitectureTest extends ServiceRules {

    /// Annotations say how the domain's words are written in JSON, and how long they may be.
    @Override
    protected Policy policy() {
        return super.policy().mayUse("com.fasterxml.jackson.annotation", "jakarta.validation.constraints");
    }
}
