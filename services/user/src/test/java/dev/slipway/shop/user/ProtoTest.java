package dev.slipway.shop.user;

import dev.slipway.testing.ProtoRules;

class ProtoTest extends ProtoRules {}
