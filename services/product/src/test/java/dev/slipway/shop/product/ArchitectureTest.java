package dev.slipway.shop.product;

import dev.slipway.policy.ServiceRules;

class ArchitectureTest extends ServiceRules {}
