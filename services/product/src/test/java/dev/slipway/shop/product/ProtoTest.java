package dev.slipway.shop.product;

import dev.slipway.testing.ProtoRules;

class ProtoTest extends ProtoRules {}
