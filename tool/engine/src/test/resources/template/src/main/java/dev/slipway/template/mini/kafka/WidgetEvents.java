package dev.slipway.template.mini.kafka;

public final class WidgetEvents {
    public void publish(String type) {}
}
