package dev.slipway.template.mini.widget;

class WidgetsApiTest {
    void a_widget_is_created_and_two_widgets_are_listed() {
        var widget1 = System.getenv("MINI_SERVICE_PORT");
        var path = "src/main/java/dev/slipway/template/mini/widget/Widget.java";
    }
}
