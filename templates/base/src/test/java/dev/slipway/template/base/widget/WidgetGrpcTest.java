package dev.slipway.template.base.widget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.grpc.GrpcProblems;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.TestService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import proto.dev.slipway.template.base.v1.ChangeWidgetRequest;
import proto.dev.slipway.template.base.v1.CreateWidgetRequest;
import proto.dev.slipway.template.base.v1.DeleteWidgetRequest;
import proto.dev.slipway.template.base.v1.ListWidgetsRequest;
import proto.dev.slipway.template.base.v1.ReadWidgetRequest;
import proto.dev.slipway.template.base.v1.Sort;
import proto.dev.slipway.template.base.v1.Widget;
import proto.dev.slipway.template.base.v1.WidgetInput;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc.WidgetServiceBlockingStub;

/// The API as gRPC clients see it, on a real database.
class WidgetGrpcTest {

    @RegisterExtension
    static final TestService service = TestService.of(new BaseApp());

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = NettyChannelBuilder.forAddress(
                        "localhost", service.address("grpc").getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void a_widget_is_created_read_changed_and_deleted() {
        var admin = as("ada", "admin");
        var created = create(admin, name());
        var read = ReadWidgetRequest.newBuilder().setId(created.getId()).build();
        assertThat(as("rob").readWidget(read).getItem()).isEqualTo(created);

        var changed = admin.changeWidget(ChangeWidgetRequest.newBuilder()
                        .setId(created.getId())
                        .setExpectedVersion(1)
                        .setInput(input(created.getName()).setDescription("Blue"))
                        .build())
                .getItem();
        assertThat(changed.getVersion()).isEqualTo(2);
        assertThat(changed.getDescription()).isEqualTo("Blue");

        var delete = DeleteWidgetRequest.newBuilder().setId(created.getId());
        assertThat(refused(() -> admin.deleteWidget(delete.build())).code()).isEqualTo("version-required");
        assertThat(refused(() -> admin.deleteWidget(delete.setExpectedVersion(1).build()))
                        .code())
                .isEqualTo("stale-version");
        admin.deleteWidget(delete.setExpectedVersion(2).build());
        assertThat(refused(() -> admin.readWidget(read)).code()).isEqualTo("not-found");
    }

    @Test
    void wrong_input_is_refused_by_its_fields() {
        var problem = refused(() -> as("ada", "admin").createWidget(CreateWidgetRequest.getDefaultInstance()));

        assertThat(problem.code()).isEqualTo("invalid-input");
        assertThat(problem.fields()).extracting(FieldError::field).contains("name");
    }

    @Test
    void a_name_is_taken_once_by_whichever_protocol() {
        var name = name();
        service.as("ada", "admin")
                .post("/v1/widgets", "{\"name\": \"%s\"}".formatted(name))
                .expect(201);

        assertThat(refused(() -> create(as("ada", "admin"), name)).code()).isEqualTo("name-taken");
    }

    @Test
    void widgets_are_for_who_may() {
        var created = create(as("ada", "admin"), name());
        var read = ReadWidgetRequest.newBuilder().setId(created.getId()).build();

        assertThat(refused(() -> WidgetServiceGrpc.newBlockingStub(channel).readWidget(read))
                        .code())
                .isEqualTo("token-required");
        assertThat(refused(() -> create(as("eve"), name())).code()).isEqualTo("forbidden");
    }

    @Test
    void a_list_comes_in_pages() {
        var admin = as("ada", "admin");
        var name = "Page " + UUID.randomUUID();
        for (var i = 0; i < 3; i++) {
            admin.createWidget(CreateWidgetRequest.newBuilder()
                    .setInput(input(name + " " + i))
                    .build());
        }
        var request =
                ListWidgetsRequest.newBuilder().setSearch(name).setLimit(2).setSort(Sort.SORT_NAME_DESCENDING);

        var first = admin.listWidgets(request.build());
        assertThat(first.getItemsList()).extracting(Widget::getName).containsExactly(name + " 2", name + " 1");
        var second = admin.listWidgets(request.setCursor(first.getNext()).build());
        assertThat(second.getItemsList()).extracting(Widget::getName).containsExactly(name + " 0");
        assertThat(second.hasNext()).isFalse();

        for (var sort : List.of(Sort.SORT_NAME, Sort.SORT_CREATED, Sort.SORT_CREATED_DESCENDING)) {
            var sorted = ListWidgetsRequest.newBuilder()
                    .setSearch(name + " 2")
                    .setSort(sort)
                    .build();
            assertThat(admin.listWidgets(sorted).getItemsCount()).isEqualTo(1);
        }
        var unknown = ListWidgetsRequest.newBuilder().setSortValue(77).build();
        assertThat(refused(() -> admin.listWidgets(unknown)).code()).isEqualTo("invalid-input");
    }

    private WidgetServiceBlockingStub as(String subject, String... roles) {
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + DevelopmentTokens.token(subject, List.of(roles), Instant.now()));
        return WidgetServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static Widget create(WidgetServiceBlockingStub client, String name) {
        return client.createWidget(
                        CreateWidgetRequest.newBuilder().setInput(input(name)).build())
                .getItem();
    }

    private static WidgetInput.Builder input(String name) {
        return WidgetInput.newBuilder().setName(name);
    }

    private static String name() {
        return "Widget " + UUID.randomUUID();
    }

    private static Problem refused(Supplier<?> call) {
        var failure = catchThrowableOfType(StatusRuntimeException.class, call::get);
        return GrpcProblems.of(failure).orElseThrow();
    }
}
