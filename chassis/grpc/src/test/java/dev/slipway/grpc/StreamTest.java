package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.failure;
import static dev.slipway.grpc.Harbour.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.grpc.harbour.v1.ImportCargoRequest;
import dev.slipway.grpc.harbour.v1.ImportCargoResponse;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.TrackCargoRequest;
import dev.slipway.grpc.harbour.v1.TrackCargoResponse;
import dev.slipway.grpc.harbour.v1.WatchTideRequest;
import dev.slipway.grpc.harbour.v1.WatchTideResponse;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.VirtualTime;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StreamTest {
    @AutoClose
    private Harbour harbour = Harbour.open();

    @Test
    void a_stream_brings_each_element_in_order() {
        var levels = new ArrayList<Integer>();
        harbour.ships()
                .watchTide(WatchTideRequest.newBuilder().setCount(5).build())
                .forEachRemaining(tide -> levels.add(tide.getLevel()));

        assertThat(levels).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void a_stream_can_end_with_a_problem() {
        var levels = new ArrayList<Integer>();

        var problem = problem(() -> harbour.ships()
                .watchTide(WatchTideRequest.newBuilder().setCount(2).setSize(13).build())
                .forEachRemaining(tide -> levels.add(tide.getLevel())));

        assertThat(levels).containsExactly(1, 2);
        assertThat(problem.code()).isEqualTo("spring-tide");
    }

    @Test
    void a_slow_reader_holds_the_operation_back() throws InterruptedException {
        var call = harbour.channel().newCall(ShipServiceGrpc.getWatchTideMethod(), CallOptions.DEFAULT);
        var received = new java.util.concurrent.atomic.AtomicLong();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(WatchTideResponse message) {
                        received.incrementAndGet();
                    }
                },
                new Metadata());
        call.sendMessage(WatchTideRequest.newBuilder().setCount(1_000_000).build());
        call.halfClose();
        call.request(1);
        Await.until("the first element", () -> received.get() == 1);

        // The operation stands still: what it has sent does not grow, and is not more than the windows of the
        // transport.
        var seen = new long[] {-1};
        Await.until("the operation waits", () -> {
            var before = seen[0];
            seen[0] = harbour.ledger.emitted.get();
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            return before == seen[0];
        });
        assertThat(harbour.ledger.emitted.get()).isLessThan(5_000);

        call.request(5_000);
        Await.until("the stream goes on", () -> received.get() == 5_001);
        call.cancel("enough", null);
        assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_stream_ends_when_its_token_has_expired_and_one_without_a_token_goes_on() throws InterruptedException {
        harbour.close();
        var time = new VirtualTime();
        harbour = Harbour.openBy(time, "--grpc.token-check=1h");
        var watcher = new Heard<WatchTideResponse>();
        var stranger = new Heard<WatchTideResponse>();
        var sender = new Heard<ImportCargoResponse>();
        var known = ShipServiceGrpc.newStub(harbour.channel())
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata("authorization", "Bearer ann")));
        known.watchTide(endless(), watcher);
        ShipServiceGrpc.newStub(harbour.channel()).watchTide(endless(), stranger);
        known.importCargo(sender);
        assertThat(watcher.next()).isInstanceOf(WatchTideResponse.class);
        assertThat(stranger.next()).isInstanceOf(WatchTideResponse.class);

        harbour.ledger.tokensExpired = true;
        time.pass(Duration.ofHours(1));

        for (var ended : List.of(watcher.next(), sender.next())) {
            assertThat(Status.fromThrowable((Throwable) ended).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(GrpcProblems.of((Throwable) ended).orElseThrow().code()).isEqualTo("invalid-token");
        }
        assertThat(stranger.all).isEmpty();
    }

    @Test
    void a_service_that_stops_ends_its_watches_at_once_and_says_why() throws InterruptedException {
        harbour.close();
        harbour = Harbour.open("--service.drain-timeout=10m", "--service.termination-grace=11m");
        var watcher = new Heard<WatchTideResponse>();
        var health = new Heard<HealthCheckResponse>();
        var reflection = new Heard<ServerReflectionResponse>();
        ShipServiceGrpc.newStub(harbour.channel()).watchTide(endless(), watcher);
        HealthGrpc.newStub(harbour.channel()).watch(HealthCheckRequest.getDefaultInstance(), health);
        ServerReflectionGrpc.newStub(harbour.channel())
                .serverReflectionInfo(reflection)
                .onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        for (var heard : List.of(watcher, health, reflection)) {
            assertThat(heard.next()).isInstanceOf(com.google.protobuf.Message.class);
        }

        harbour.service().close();

        for (var heard : List.of(watcher, health, reflection)) {
            var ended = heard.end();
            assertThat(Status.fromThrowable((Throwable) ended).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(GrpcProblems.of((Throwable) ended).orElseThrow().code()).isEqualTo("stopping");
        }
        assertThat(harbour.ledger.interrupted.getCount()).isZero();
    }

    @Test
    void a_stream_of_messages_comes_to_its_end_while_the_service_stops() throws Exception {
        var heard = new Heard<TrackCargoResponse>();
        var sender = ShipServiceGrpc.newStub(harbour.channel()).trackCargo(heard);
        sender.onNext(TrackCargoRequest.newBuilder().setTons(1313).build());
        assertThat(harbour.ledger.started.await(20, TimeUnit.SECONDS)).isTrue();
        var stop = Thread.startVirtualThread(() -> harbour.service().close());
        Await.until(
                "takes no more calls",
                () -> failure(() -> harbour.ships().readShip(ChainTest.read(Harbour.KNOWN.toString())))
                                .getStatus()
                                .getCode()
                        == Status.Code.UNAVAILABLE);

        sender.onNext(TrackCargoRequest.newBuilder().setTons(7).build());
        sender.onCompleted();
        harbour.ledger.go.countDown();
        stop.join();

        assertThat(heard.next()).isInstanceOf(TrackCargoResponse.class);
        assertThat(((TrackCargoResponse) heard.next()).getTons()).isEqualTo(1320);
        assertThat(heard.next()).isEqualTo("OK");
    }

    @Test
    void a_call_that_outlasts_the_stop_is_told_so() throws Exception {
        harbour.close();
        harbour = Harbour.open("--service.drain-timeout=1ms");
        var called = CompletableFuture.supplyAsync(
                () -> failure(() -> harbour.ships().runTask(ChainTest.task("block"))));
        harbour.ledger.started.await();

        harbour.service().close();

        assertThat(called.get().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcProblems.of(called.get()).orElseThrow().code()).isEqualTo("stopping");
        assertThat(harbour.ledger.interrupted.getCount()).isZero();
    }

    @Test
    void a_client_that_sends_no_more_is_not_waited_for() throws InterruptedException {
        harbour.close();
        harbour = Harbour.open("--service.drain-timeout=10m", "--service.termination-grace=11m");
        var heard = new Heard<TrackCargoResponse>();
        var sender = ShipServiceGrpc.newStub(harbour.channel()).trackCargo(heard);
        sender.onNext(TrackCargoRequest.newBuilder().setTons(7).build());
        assertThat(heard.next()).isInstanceOf(TrackCargoResponse.class);

        harbour.service().close();

        assertThat(GrpcProblems.of((Throwable) heard.next()).orElseThrow().code())
                .isEqualTo("stopping");
    }

    /// Its accessor runs what is bound, so that a test is there between the wait for room and the message.
    record Mark(int level, byte[] padding) {
        private static final ScopedValue<Runnable> WRITTEN = ScopedValue.newInstance();

        @Override
        public int level() {
            WRITTEN.get().run();
            return level;
        }
    }

    @Test
    void an_operation_whose_client_goes_while_a_message_is_written_is_interrupted() throws Exception {
        var client = new CompletableFuture<ClientCall<?, ?>>();
        var told = new LinkedBlockingQueue<Exception>();
        var watch = Streaming.named("watchTide", "Says one level.")
                .input(Harbour.Tide.class)
                .output(Mark.class)
                .policy(Policy.anyone())
                .handle((call, out) -> told.add(catchThrowableOfType(
                        Exception.class,
                        () -> ScopedValue.where(Mark.WRITTEN, () -> leave(client.join()))
                                .call(() -> {
                                    out.send(new Mark(1, new byte[0]));
                                    return null;
                                }))));
        var method = alone(ShipServiceGrpc.getWatchTideMethod());
        harbour.close();
        harbour = Harbour.with(serving(method, watch));
        var call = harbour.channel().newCall(method, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(endless());
        call.halfClose();
        client.complete(call);

        assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void an_operation_that_goes_on_after_its_client_has_gone_is_interrupted_again() throws Exception {
        var begun = new CountDownLatch(1);
        var told = new LinkedBlockingQueue<Exception>();
        var track = Streaming.named("trackCargo", "Goes on.")
                .items(Harbour.Piece.class)
                .output(Harbour.Sum.class)
                .policy(Policy.anyone())
                .handle((call, out) -> {
                    begun.countDown();
                    for (var i = 0; i < 2; i++) {
                        told.add(catchThrowableOfType(
                                Exception.class, () -> call.input().next()));
                    }
                    told.add(catchThrowableOfType(Exception.class, () -> out.send(new Harbour.Sum(1, 1))));
                });
        var method = alone(ShipServiceGrpc.getTrackCargoMethod());
        harbour.close();
        harbour = Harbour.with(serving(method, track));
        var call = harbour.channel().newCall(method, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        call.cancel("gone", null);

        for (var i = 0; i < 3; i++) {
            assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }

    /// The same method of a service that has no other.
    private static <I, O> MethodDescriptor<I, O> alone(MethodDescriptor<I, O> method) {
        return method.toBuilder()
                .setFullMethodName("slipway.harbour.v1.Lone/" + method.getBareMethodName())
                .build();
    }

    private static GrpcService serving(MethodDescriptor<?, ?> method, Streaming<?, ?> operation) {
        return GrpcService.of(ServiceDescriptor.newBuilder("slipway.harbour.v1.Lone")
                        .setSchemaDescriptor(
                                ShipServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
                        .addMethod(method)
                        .build())
                .streams(operation);
    }

    /// Returns once the service knows it.
    private static void leave(ClientCall<?, ?> call) {
        call.cancel("gone", null);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static WatchTideRequest endless() {
        return WatchTideRequest.newBuilder()
                .setCount(1)
                .setSize(Harbour.ENDLESS)
                .build();
    }

    @Test
    void a_stream_of_messages_becomes_one_answer() throws InterruptedException {
        var heard = new Heard<ImportCargoResponse>();
        var sender = ShipServiceGrpc.newStub(harbour.channel())
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata("authorization", "Bearer ann")))
                .importCargo(heard);
        for (var tons = 1; tons <= 100; tons++) {
            sender.onNext(ImportCargoRequest.newBuilder().setTons(tons).build());
        }
        sender.onCompleted();

        assertThat(heard.next())
                .isEqualTo(ImportCargoResponse.newBuilder()
                        .setPieces(100)
                        .setTons(5050)
                        .build());
        assertThat(heard.next()).isEqualTo("OK");
    }

    @Test
    void a_stream_of_messages_is_for_who_may_send_it() throws InterruptedException {
        var heard = new Heard<ImportCargoResponse>();
        ShipServiceGrpc.newStub(harbour.channel()).importCargo(heard);

        assertThat(GrpcProblems.of((Throwable) heard.next()).orElseThrow().code())
                .isEqualTo("token-required");
    }

    @Test
    void both_sides_stream_by_turns() throws InterruptedException {
        var heard = new Heard<TrackCargoResponse>();
        var sender = ShipServiceGrpc.newStub(harbour.channel()).trackCargo(heard);
        for (var piece : List.of(3, 4)) {
            sender.onNext(TrackCargoRequest.newBuilder().setTons(piece).build());
            assertThat(((TrackCargoResponse) heard.next()).getTons()).isEqualTo(piece == 3 ? 3 : 7);
        }
        sender.onCompleted();
        assertThat(heard.next()).isEqualTo("OK");
    }

    @Test
    void a_message_that_is_not_valid_ends_the_stream() throws InterruptedException {
        var heard = new Heard<TrackCargoResponse>();
        var sender = ShipServiceGrpc.newStub(harbour.channel()).trackCargo(heard);
        sender.onNext(TrackCargoRequest.newBuilder().setTons(-5).build());

        var problem = GrpcProblems.of((Throwable) heard.next()).orElseThrow();
        assertThat(problem.code()).isEqualTo("invalid-input");
        assertThat(problem.fields().getFirst().field()).isEqualTo("tons");
    }

    @Test
    void an_operation_that_does_not_read_on_stops_the_sender() throws InterruptedException {
        var call = harbour.channel().newCall(ShipServiceGrpc.getTrackCargoMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.request(10);
        call.sendMessage(TrackCargoRequest.newBuilder().setTons(1313).build());
        assertThat(harbour.ledger.started.await(20, TimeUnit.SECONDS)).isTrue();
        var sent = 0;
        while (call.isReady() && sent < 1_000_000) {
            call.sendMessage(TrackCargoRequest.newBuilder().setTons(1).build());
            sent++;
        }

        assertThat(harbour.ledger.taken.get()).isEqualTo(1);
        assertThat(sent).isLessThan(1_000_000);
        harbour.ledger.go.countDown();
        Await.until("the sender may go on", call::isReady);
        call.cancel("enough", null);
    }

    @Test
    void a_client_that_goes_interrupts_the_work() throws InterruptedException {
        var call = harbour.channel().newCall(ShipServiceGrpc.getRunTaskMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(ChainTest.task("block"));
        call.halfClose();
        assertThat(harbour.ledger.started.await(20, TimeUnit.SECONDS)).isTrue();

        call.cancel("gone", null);

        assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        awaitStatus("RunTask", "CANCELLED");
    }

    @Test
    void a_connection_that_breaks_interrupts_the_stream() throws InterruptedException {
        var heard = new Heard<TrackCargoResponse>();
        var channel = harbour.channel();
        var sender = ShipServiceGrpc.newStub(channel).trackCargo(heard);
        sender.onNext(TrackCargoRequest.newBuilder().setTons(1).build());
        heard.next();

        channel.shutdownNow();

        assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        awaitStatus("TrackCargo", "CANCELLED");
    }

    @Test
    void the_clients_deadline_interrupts_the_work() throws InterruptedException {
        var failure = failure(() ->
                harbour.ships().withDeadlineAfter(200, TimeUnit.MILLISECONDS).runTask(ChainTest.task("block")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitStatus(String method, String status) {
        Await.until(
                "the call is counted",
                () -> harbour.meters
                                .get("grpc.server.requests")
                                .tags("method", "slipway.harbour.v1.ShipService/" + method, "status", status)
                                .timer()
                                .count()
                        == 1);
    }
}
