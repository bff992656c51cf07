package dev.slipway.template.base;

import dev.slipway.policy.ServiceRules;

class ArchitectureTest extends ServiceRules {}
