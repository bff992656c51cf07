package dev.slipway.template.mini.widget;

final class PostgresWidgets {
    void save(Widget widget, String... sql) {}
}
