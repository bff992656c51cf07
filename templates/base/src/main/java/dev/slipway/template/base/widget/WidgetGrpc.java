package dev.slipway.template.base.widget;

import dev.slipway.grpc.Arguments;
import dev.slipway.grpc.GrpcService;
import dev.slipway.grpc.Messages;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Page;
import org.jspecify.annotations.Nullable;
import proto.dev.slipway.template.base.v1.ChangeWidgetRequest;
import proto.dev.slipway.template.base.v1.ChangeWidgetResponse;
import proto.dev.slipway.template.base.v1.CreateWidgetResponse;
import proto.dev.slipway.template.base.v1.DeleteWidgetRequest;
import proto.dev.slipway.template.base.v1.DeleteWidgetResponse;
import proto.dev.slipway.template.base.v1.ListWidgetsRequest;
import proto.dev.slipway.template.base.v1.ListWidgetsResponse;
import proto.dev.slipway.template.base.v1.ReadWidgetResponse;
import proto.dev.slipway.template.base.v1.Sort;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc;

/// Widgets by gRPC, as `api/proto` says.
public final class WidgetGrpc {
    private WidgetGrpc() {}

    public static GrpcService of(WidgetOperations widgets) {
        return GrpcService.of(WidgetServiceGrpc.getServiceDescriptor())
                .unary(
                        WidgetServiceGrpc.getCreateWidgetMethod(),
                        widgets.create(),
                        request -> Arguments.none().input(() -> input(request.getInput())),
                        done -> CreateWidgetResponse.newBuilder()
                                .setItem(message(done.value()))
                                .build())
                .unary(
                        WidgetServiceGrpc.getReadWidgetMethod(),
                        widgets.read(),
                        request -> Arguments.on("id", request.getId()),
                        done -> ReadWidgetResponse.newBuilder()
                                .setItem(message(done.value()))
                                .build())
                .unary(
                        WidgetServiceGrpc.getListWidgetsMethod(),
                        widgets.list(),
                        request -> Arguments.none().input(() -> query(request)),
                        done -> page(done.value()))
                .unary(
                        WidgetServiceGrpc.getChangeWidgetMethod(),
                        widgets.change(),
                        WidgetGrpc::change,
                        done -> ChangeWidgetResponse.newBuilder()
                                .setItem(message(done.value()))
                                .build())
                .unary(
                        WidgetServiceGrpc.getDeleteWidgetMethod(),
                        widgets.delete(),
                        WidgetGrpc::delete,
                        done -> DeleteWidgetResponse.getDefaultInstance());
    }

    private static Arguments<WidgetInput> change(ChangeWidgetRequest request) {
        var arguments = Arguments.on("id", request.getId()).input(() -> input(request.getInput()));
        return request.hasExpectedVersion() ? arguments.version(request.getExpectedVersion()) : arguments;
    }

    private static Arguments<Nothing> delete(DeleteWidgetRequest request) {
        var arguments = Arguments.on("id", request.getId());
        return request.hasExpectedVersion() ? arguments.version(request.getExpectedVersion()) : arguments;
    }

    private static WidgetInput input(proto.dev.slipway.template.base.v1.WidgetInput input) {
        return new WidgetInput(input.getName(), input.hasDescription() ? input.getDescription() : null);
    }

    private static ListWidgets.Query query(ListWidgetsRequest request) {
        return new ListWidgets.Query(
                request.hasSearch() ? request.getSearch() : null,
                sort(request.getSort()),
                request.hasLimit() ? request.getLimit() : null,
                request.hasCursor() ? request.getCursor() : null);
    }

    private static ListWidgets.@Nullable Sort sort(Sort sort) {
        return switch (sort) {
            case SORT_UNSPECIFIED -> null;
            case SORT_NAME -> ListWidgets.Sort.NAME;
            case SORT_NAME_DESCENDING -> ListWidgets.Sort.NAME_DESCENDING;
            case SORT_CREATED -> ListWidgets.Sort.CREATED;
            case SORT_CREATED_DESCENDING -> ListWidgets.Sort.CREATED_DESCENDING;
            case UNRECOGNIZED -> throw new IllegalArgumentException("that order is not known here");
        };
    }

    private static ListWidgetsResponse page(Page<Widget> page) {
        var response = ListWidgetsResponse.newBuilder();
        page.items().forEach(widget -> response.addItems(message(widget)));
        page.next().ifPresent(response::setNext);
        return response.build();
    }

    private static proto.dev.slipway.template.base.v1.Widget message(Widget widget) {
        var message = proto.dev.slipway.template.base.v1.Widget.newBuilder()
                .setId(widget.id().toString())
                .setName(widget.name())
                .setVersion(widget.version())
                .setCreatedAt(Messages.timestamp(widget.createdAt()))
                .setUpdatedAt(Messages.timestamp(widget.updatedAt()));
        widget.description().ifPresent(message::setDescription);
        return message.build();
    }
}
