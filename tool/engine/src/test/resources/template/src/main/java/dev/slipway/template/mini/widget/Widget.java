package dev.slipway.template.mini.widget;

import java.util.UUID;

record Widget(UUID widgetId, String name) {}
