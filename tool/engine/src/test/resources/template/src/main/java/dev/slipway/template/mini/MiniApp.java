package dev.slipway.template.mini;

import dev.slipway.core.Slipway;
import dev.slipway.template.mini.kafka.WidgetEvents;
import dev.slipway.template.mini.widget.CreateWidgetEndpoint;
import dev.slipway.template.mini.widget.PostgresWidgets;
import java.util.List;

/// The mini service. A widget is made once; widgets are listed by `/v1/widgets`.
public final class MiniApp {
    public static void main(String[] args) {
        Slipway.run("mini-service", args);
    }

    List<Object> endpoints(PostgresWidgets widgets) {
        // slipway:kafka
        new WidgetEvents().publish("dev.slipway.template.mini.widget.created");
        // slipway:end
        return List.of(new CreateWidgetEndpoint(widgets));
    }
}
