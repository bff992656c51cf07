package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static dev.slipway.grpc.Harbour.failure;
import static dev.slipway.grpc.Harbour.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.RequestInfo;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.StartException;
import dev.slipway.grpc.harbour.v1.CreateShipRequest;
import dev.slipway.grpc.harbour.v1.ReadShipRequest;
import dev.slipway.grpc.harbour.v1.ReadShipResponse;
import dev.slipway.grpc.harbour.v1.RenameShipRequest;
import dev.slipway.grpc.harbour.v1.RunTaskRequest;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.CapturedLog;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChainTest {
    private static Harbour harbour;

    @BeforeAll
    static void open() throws InterruptedException {
        harbour = Harbour.open();
    }

    @AfterAll
    static void close() {
        harbour.close();
    }

    @Test
    void a_message_reaches_the_operation_and_its_answer_comes_back() {
        assertThat(harbour.ships().readShip(read(KNOWN.toString())))
                .isEqualTo(ReadShipResponse.newBuilder()
                        .setId(KNOWN.toString())
                        .setName("Vasa")
                        .setVersion(3)
                        .build());
    }

    @Test
    void a_refusal_carries_the_stable_code() {
        var problem =
                problem(() -> harbour.ships().readShip(read(UUID.randomUUID().toString())));

        assertThat(problem.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(problem.code()).isEqualTo("not-found");
        assertThat(problem(() -> harbour.ships().readShip(read("no uuid"))).code())
                .isEqualTo("not-found");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_kind_of_problem_has_its_status(Kind kind) {
        var failure = failure(() -> harbour.ships().runTask(task(kind.name())));

        assertThat(failure.getStatus().getCode()).isEqualTo(GrpcProblems.code(kind));
        assertThat(failure.getStatus().getDescription()).isEqualTo("As you asked.");
        assertThat(GrpcProblems.of(failure).orElseThrow().code()).isEqualTo("of-a-kind");
    }

    @Test
    void invalid_fields_are_named() {
        var problem = problem(() -> harbour.ships("authorization", "Bearer ann")
                .createShip(CreateShipRequest.newBuilder().setTons(-1).build()));

        assertThat(problem.code()).isEqualTo("invalid-input");
        assertThat(problem.fields())
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("name", "not-blank"),
                        org.assertj.core.groups.Tuple.tuple("tons", "min"));
    }

    @Test
    void what_a_record_refuses_is_told() {
        var problem = problem(() -> harbour.ships("authorization", "Bearer ann").renameShip(rename("Titanic", 3)));

        assertThat(problem.kind()).isEqualTo(Kind.INVALID);
        assertThat(problem.fields()).containsExactly(new FieldError("", "invalid", "that name brings bad luck"));
    }

    @Test
    void a_caller_is_known_by_the_token() {
        assertThat(problem(() -> harbour.ships().createShip(ship())).code()).isEqualTo("token-required");
        assertThat(problem(() -> harbour.ships("authorization", "Bearer bad").createShip(ship()))
                        .code())
                .isEqualTo("invalid-token");
        assertThat(problem(() -> harbour.ships("authorization", "Bearer ann", "authorization", "Bearer bob")
                                .createShip(ship()))
                        .code())
                .isEqualTo("invalid-token");
        assertThat(harbour.ships("authorization", "Bearer ann")
                        .runTask(task("context"))
                        .getText())
                .endsWith(" ann");
    }

    @Test
    void nothing_is_validated_for_a_caller_who_may_not_call() {
        assertThat(problem(() -> harbour.ships().createShip(CreateShipRequest.getDefaultInstance()))
                        .code())
                .isEqualTo("token-required");
    }

    @Test
    void a_conditional_operation_wants_the_version_that_the_caller_has_seen() {
        var ships = harbour.ships("authorization", "Bearer ann");

        assertThat(ships.renameShip(rename("Wasa", 3)).getVersion()).isEqualTo(4);
        assertThat(ships.renameShip(RenameShipRequest.newBuilder()
                                .setId(KNOWN.toString())
                                .setName("Wasa")
                                .setAnyVersion(true)
                                .build())
                        .getVersion())
                .isEqualTo(4);
        var stale = failure(() -> ships.renameShip(rename("Wasa", 2)));
        assertThat(stale.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(GrpcProblems.of(stale).orElseThrow().code()).isEqualTo("stale-version");
        assertThat(problem(() -> ships.renameShip(RenameShipRequest.newBuilder()
                                .setId(KNOWN.toString())
                                .setName("Wasa")
                                .build()))
                        .code())
                .isEqualTo("version-required");
    }

    @Test
    void the_work_of_one_idempotency_key_is_done_once() {
        var before = harbour.ledger.created.get();
        var ships = harbour.ships("authorization", "Bearer ann", "idempotency-key", "k1");

        assertThat(ships.createShip(ship())).isEqualTo(ships.createShip(ship()));

        assertThat(harbour.ledger.created.get()).isEqualTo(before + 1);
        assertThat(problem(() -> ships.createShip(
                                ship().toBuilder().setName("Other").build()))
                        .code())
                .isEqualTo("idempotency-mismatch");
    }

    @Test
    void two_keys_are_none() {
        var ships = harbour.ships("authorization", "Bearer ann", "idempotency-key", "k2", "idempotency-key", "k3");
        assertThat(problem(() -> ships.createShip(ship())).code()).isEqualTo("invalid-input");
    }

    @Test
    void a_key_that_would_change_nothing_is_refused() {
        assertThat(problem(() -> harbour.ships("idempotency-key", "k1").runTask(task("context")))
                        .code())
                .isEqualTo("idempotency-unsupported");
    }

    @Test
    void the_request_id_and_the_trace_go_through() {
        var headers = new AtomicReference<Metadata>();
        var trailers = new AtomicReference<Metadata>();
        var ships = harbour.ships(
                        "x-request-id",
                        "r-42",
                        "x-correlation-id",
                        "c-42",
                        "traceparent",
                        "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

        assertThat(ships.runTask(task("context")).getText())
                .isEqualTo("runTask r-42 c-42 0123456789abcdef0123456789abcdef anonymous");
        assertThat(headers.get().get(Keys.REQUEST_ID)).isEqualTo("r-42");

        var failure = failure(() -> ships.runTask(task("busy")));
        var sent = Objects.requireNonNull(failure.getTrailers());
        assertThat(sent.get(Keys.REQUEST_ID)).isEqualTo("r-42");
        assertThat(sent.get(Keys.PUSHBACK)).isEqualTo("1500");
        assertThat(Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList())
                .contains(com.google.protobuf.Any.pack(
                        RequestInfo.newBuilder().setRequestId("r-42").build()));
    }

    @Test
    void a_failure_tells_nothing_but_that_it_was_logged() {
        var problem = problem(() -> harbour.ships().runTask(task("fail")));

        assertThat(problem.code()).isEqualTo("internal-error");
        assertThat(problem.detail()).doesNotContain("secret");
    }

    @Test
    void each_call_is_one_line_and_one_measure() {
        harbour.ships("authorization", "Bearer zoe", "x-request-id", "line-1").readShip(read(KNOWN.toString()));

        Await.until(
                "the line is written",
                () -> harbour.logged("access").stream()
                        .anyMatch(line -> line.getKeyValuePairs().toString().contains("zoe")));
        var line = harbour.logged("access").stream()
                .filter(each -> each.getKeyValuePairs().toString().contains("zoe"))
                .findFirst()
                .orElseThrow();
        assertThat(line.getKeyValuePairs().toString())
                .contains("protocol=\"grpc\"", "slipway.harbour.v1.ShipService/ReadShip", "status=\"OK\"", "ms=");
        assertThat(harbour.meters
                        .get("grpc.server.requests")
                        .tags("method", "slipway.harbour.v1.ShipService/ReadShip", "status", "OK")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void a_method_that_nobody_has_is_refused_with_a_code_and_leaves_no_series() {
        var method = MethodDescriptor.newBuilder(
                        ProtoUtils.marshaller(ReadShipRequest.getDefaultInstance()),
                        ProtoUtils.marshaller(ReadShipResponse.getDefaultInstance()))
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("slipway.harbour.v1.ShipService/Guess")
                .build();

        var problem = problem(() -> ClientCalls.blockingUnaryCall(
                harbour.channel(), method, CallOptions.DEFAULT, ReadShipRequest.getDefaultInstance()));

        assertThat(problem.code()).isEqualTo("no-such-method");
        assertThat(harbour.meters
                        .find("grpc.server.requests")
                        .tag("method", "slipway.harbour.v1.ShipService/Guess")
                        .timers())
                .isEmpty();
    }

    @Test
    void a_call_that_never_begins_is_logged_for_the_request_that_the_client_named() {
        var nobodys = ShipServiceGrpc.getReadShipMethod().toBuilder()
                .setFullMethodName("slipway.harbour.v1.ShipService/Guess")
                .build();
        try (var log = CapturedLog.of("access")) {
            for (var method : List.of(nobodys, ShipServiceGrpc.getReadShipMethod())) {
                var call = harbour.channel().newCall(method, CallOptions.DEFAULT);
                call.start(
                        new ClientCall.Listener<>() {},
                        Harbour.metadata("x-request-id", method == nobodys ? "nobodys" : "incomplete"));
                call.halfClose();
            }
            Await.until("both are logged", () -> log.events().size() == 2);

            assertThat(log.requests()).containsExactlyInAnyOrder("nobodys", "incomplete");
        }
    }

    @Test
    void all_series_are_there_from_the_start_at_zero() throws InterruptedException {
        try (var fresh = Harbour.open()) {
            var methods = ShipServiceGrpc.getServiceDescriptor().getMethods();
            for (var method : methods) {
                assertThat(fresh.meters
                                .get("grpc.server.requests")
                                .tag("method", method.getFullMethodName())
                                .timers())
                        .extracting(timer -> timer.getId().getTag("status"))
                        .contains("OK", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "PERMISSION_DENIED");
            }
            assertThat(fresh.meters
                            .get("grpc.server.requests")
                            .tag("method", "unknown")
                            .timers())
                    .extracting(timer -> timer.getId().getTag("status"))
                    .containsExactly("UNIMPLEMENTED");
            assertThat(fresh.meters.get("grpc.server.requests").timers())
                    .extracting(Timer::count)
                    .containsOnly(0L);
        }
    }

    @Test
    void a_service_with_a_hole_in_it_does_not_start() {
        var guarded =
                Operation.named("open", "Has no policy.").output(Nothing.class).handle(call -> Outcome.done());
        var renames = Operation.named("rename", "Changes something.")
                .policy(Policy.anyone())
                .handle(call -> Outcome.done());
        var hollow = GrpcService.of(ShipServiceGrpc.getServiceDescriptor())
                .operation("RunTask", guarded)
                .operation("ReadShip", renames);

        assertThatThrownBy(() -> Harbour.with(hollow))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("open has no policy")
                .hasMessageContaining("slipway.harbour.v1.ShipService/CreateShip has no operation")
                .hasMessageContaining(
                        "slipway.harbour.v1.ShipService/ReadShip has NO_SIDE_EFFECTS, and rename may change "
                                + "something; it must be a read")
                .hasMessageContaining("two gRPC services are called slipway.harbour.v1.ShipService");
    }

    static ReadShipRequest read(String id) {
        return ReadShipRequest.newBuilder().setId(id).build();
    }

    static RunTaskRequest task(String text) {
        return RunTaskRequest.newBuilder().setTask(text).build();
    }

    private static CreateShipRequest ship() {
        return CreateShipRequest.newBuilder().setName("Vasa").setTons(1200).build();
    }

    private static RenameShipRequest rename(String name, long version) {
        return RenameShipRequest.newBuilder()
                .setId(KNOWN.toString())
                .setName(name)
                .setExpectedVersion(version)
                .build();
    }
}
