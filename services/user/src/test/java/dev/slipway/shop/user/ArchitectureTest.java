package dev.slipway.shop.user;

import dev.slipway.policy.ServiceRules;

class ArchitectureTest extends ServiceRules {}
