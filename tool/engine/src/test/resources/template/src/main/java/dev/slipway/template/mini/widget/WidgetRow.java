package dev.slipway.template.mini.widget;

final class WidgetRow {
    static final String WIDGET_COLUMNS = "widget_id, name";
}
