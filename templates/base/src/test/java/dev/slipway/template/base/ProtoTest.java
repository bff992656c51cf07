package dev.slipway.template.base;

import dev.slipway.testing.ProtoRules;

class ProtoTest extends ProtoRules {}
