package dev.slipway.template.base.widget;

import dev.slipway.grpc.GrpcService;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc;

/// Widgets by gRPC, as `api/proto` says.
public final class WidgetGrpc {
    private WidgetGrpc() {}

    public static GrpcService of(WidgetOperations widgets) {
        return GrpcService.of(WidgetServiceGrpc.getServiceDescriptor())
                .operations(widgets.create(), widgets.read(), widgets.list(), widgets.change(), widgets.delete());
    }
}
