package dev.slipway.template.base.widget;

import dev.slipway.graphql.Graph;
import dev.slipway.grpc.GrpcService;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import java.util.List;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc;

/// What can be done with widgets, and where each protocol has it.
public final class WidgetApi {
    private final Operation<WidgetInput, Widget> create;
    private final Operation<Nothing, Widget> read;
    private final Operation<ListWidgets.Query, Page<Widget>> list;
    private final Operation<WidgetInput, Widget> change;
    private final Operation<Nothing, Nothing> delete;

    public WidgetApi(Widgets widgets) {
        create = CreateWidget.operation(widgets);
        read = ReadWidget.operation(widgets);
        list = ListWidgets.operation(widgets);
        change = ChangeWidget.operation(widgets);
        delete = DeleteWidget.operation(widgets);
    }

    /// By REST, below `/v1`.
    public List<Addressed> routes() {
        return List.of(
                Route.post("/widgets", create).created(widget -> "/v1/widgets/" + widget.id()),
                Route.get("/widgets/{id}", read),
                Route.get("/widgets", list),
                Route.put("/widgets/{id}", change),
                Route.delete("/widgets/{id}", delete));
    }

    /// By gRPC, as `api/proto` says.
    public GrpcService grpc() {
        return GrpcService.of(WidgetServiceGrpc.getServiceDescriptor()).operations(create, read, list, change, delete);
    }

    /// By GraphQL, as `api/graphql/widgets.graphqls` says.
    public Graph graph() {
        return Graph.schema(WidgetApi.class, "/dev/slipway/template/base/graphql/widgets.graphqls")
                .type("Widget", Widget.class)
                .type("WidgetSort", ListWidgets.Sort.class)
                .query("widget", read)
                .connection("widgets", list, query -> query.order()::after)
                .mutation("createWidget", create)
                .mutation("changeWidget", change)
                .mutation("deleteWidget", delete);
    }
}
