package dev.slipway.template.base.widget;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;

/// What can be done with widgets, whatever the protocol.
public record WidgetOperations(
        Operation<WidgetInput, Widget> create,
        Operation<Nothing, Widget> read,
        Operation<ListWidgets.Query, Page<Widget>> list,
        Operation<WidgetInput, Widget> change,
        Operation<Nothing, Nothing> delete) {

    public static WidgetOperations of(Widgets widgets) {
        return new WidgetOperations(
                CreateWidget.operation(widgets),
                ReadWidget.operation(widgets),
                ListWidgets.operation(widgets),
                ChangeWidget.operation(widgets),
                DeleteWidget.operation(widgets));
    }
}
