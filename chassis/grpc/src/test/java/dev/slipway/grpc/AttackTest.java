package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static dev.slipway.grpc.Harbour.failure;
import static dev.slipway.grpc.Harbour.problem;
import static dev.slipway.grpc.Http2Connection.DATA;
import static dev.slipway.grpc.Http2Connection.END_HEADERS;
import static dev.slipway.grpc.Http2Connection.END_STREAM;
import static dev.slipway.grpc.Http2Connection.HEADERS;
import static dev.slipway.grpc.Http2Connection.RST_STREAM;
import static dev.slipway.grpc.Http2Connection.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.UnknownFieldSet;
import dev.slipway.core.Problem.Kind;
import dev.slipway.grpc.harbour.v1.RunTaskRequest;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.TrackCargoRequest;
import dev.slipway.grpc.harbour.v1.WatchTideRequest;
import dev.slipway.operation.Failures;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.VirtualTime;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttackTest {
    /// Of the settings, the initial size of a stream's window: 0.
    private static final byte[] NO_WINDOW = {0, 4, 0, 0, 0, 0};

    private static void serves(Harbour harbour) {
        assertThat(harbour.ships().readShip(ChainTest.read(KNOWN.toString())).getName())
                .isEqualTo("Vasa");
    }

    @Test
    void a_message_that_is_too_large_is_refused() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.max-message-size=4KB")) {
            var failure = failure(() -> harbour.ships().runTask(ChainTest.task("x".repeat(5_000))));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            serves(harbour);
        }
    }

    @Test
    void a_small_message_that_grows_when_it_is_unpacked_is_refused() throws InterruptedException {
        try (var harbour =
                Harbour.open("--grpc.max-message-size=64KB", "--grpc.limit.most=1", "--grpc.limit.least=1")) {
            var bomb =
                    RunTaskRequest.newBuilder().setTask("x".repeat(50_000_000)).build();

            var failure = failure(() -> harbour.ships().withCompression("gzip").runTask(bomb));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(GrpcProblems.of(failure).orElseThrow().code()).isEqualTo("body-too-large");
            assertThat(problem(() -> harbour.ships()
                                    .withCompression("gzip")
                                    .watchTide(WatchTideRequest.newBuilder()
                                            .setUnknownFields(UnknownFieldSet.newBuilder()
                                                    .addField(
                                                            99,
                                                            UnknownFieldSet.Field.newBuilder()
                                                                    .addLengthDelimited(bomb.toByteString())
                                                                    .build())
                                                    .build())
                                            .build())
                                    .next())
                            .code())
                    .isEqualTo("body-too-large");
            Await.until("its place is free", () -> {
                serves(harbour);
                return true;
            });
        }
    }

    @Test
    void bytes_that_are_no_message_are_refused_with_a_code() throws InterruptedException {
        try (var harbour = Harbour.open()) {
            for (var method : List.of(ShipServiceGrpc.getRunTaskMethod(), ShipServiceGrpc.getTrackCargoMethod())) {
                var raw = method.toBuilder(Harbour.BYTES, Harbour.BYTES)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .build();

                var problem = problem(() -> ClientCalls.blockingUnaryCall(
                        harbour.channel(), raw, CallOptions.DEFAULT, new byte[] {(byte) 0xff, 0, 1}));

                assertThat(problem.code()).isEqualTo("bad-request");
                assertThat(problem.detail()).isEqualTo("The message is not what this method takes.");
            }
        }
    }

    /// An HTTP/2 window of no bytes: what is answered waits in the server.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            an answer, by the server's deadline            | ReadShip  |      | 0
            an answer, by the client's deadline            | ReadShip  | 300m | 0
            a stream that is done                          | WatchTide |      | 3
            a stream that is done, with a deadline far off | WatchTide | 60S  | 3
            a stream whose deadline ends it                | WatchTide |      | 1000
            """)
    void what_a_client_does_not_take_is_not_kept_for_it(
            String what, String method, @Nullable String timeout, int levels) throws Exception {
        try (var harbour = Harbour.open(
                        "--grpc.default-deadline=300ms", "--grpc.longest-deadline=300ms", "--grpc.longest-stream=1s");
                var connection = Http2Connection.to(harbour.address())) {
            var headers = Http2Connection.call("slipway.harbour.v1.ShipService/" + method);
            if (timeout != null) {
                headers.add("grpc-timeout", timeout);
            }
            var request = method.equals("ReadShip")
                    ? ChainTest.read(KNOWN.toString())
                    : WatchTideRequest.newBuilder().setCount(levels).build();
            connection
                    .frame(SETTINGS, 0, 0, NO_WINDOW)
                    .frame(HEADERS, END_HEADERS, 1, Http2Connection.block(headers))
                    .frame(DATA, END_STREAM, 1, Http2Connection.message(request.toByteArray()));
            connection.send();

            var answered = new ArrayList<Integer>();
            Http2Connection.Frame frame;
            do {
                frame = connection.read().orElseThrow();
                if (frame.stream() == 1) {
                    answered.add(frame.type());
                }
            } while (frame.type() != RST_STREAM);

            assertThat(answered).as(what).containsExactly(HEADERS, RST_STREAM);
            serves(harbour);
            assertThat(harbour.warnings()).isEmpty();
        }
    }

    @Test
    void metadata_that_is_too_large_is_refused() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.max-metadata-size=4KB")) {
            var failure = failure(
                    () -> harbour.ships("x-large", "x".repeat(8_000)).readShip(ChainTest.read(KNOWN.toString())));

            assertThat(failure.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INTERNAL, Status.Code.UNAVAILABLE);
            serves(harbour);
        }
    }

    @Test
    void a_flood_of_calls_is_refused_beyond_the_limit() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.limit.most=3", "--grpc.limit.least=1")) {
            var channel = harbour.channel();
            var calls = IntStream.range(0, 3)
                    .mapToObj(i -> blocked(channel, CallOptions.DEFAULT, new CountDownLatch(1)))
                    .toList();
            Await.until("the places are taken", () -> inFlight(harbour) == 3);

            var failure = failure(() -> harbour.ships().runTask(ChainTest.task("context")));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(GrpcProblems.of(failure)).contains(Failures.OVERLOADED);
            assertThat(Objects.requireNonNull(failure.getTrailers()).get(Keys.PUSHBACK))
                    .isEqualTo("1000");
            assertThat(problem(() -> harbour.ships()
                                    .watchTide(WatchTideRequest.getDefaultInstance())
                                    .next())
                            .code())
                    .as("streams do not begin while calls are refused")
                    .isEqualTo("overloaded");
            Await.until(
                    "the refusals are in the log, and so in the metrics before it",
                    () -> harbour.logged("access").stream()
                                    .filter(line ->
                                            line.getKeyValuePairs().toString().contains("UNAVAILABLE"))
                                    .count()
                            == 2);
            assertThat(harbour.meters
                            .get("server.concurrency.refused")
                            .tag("server", "grpc")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(harbour.meters
                            .get("grpc.server.requests")
                            .tags("method", "slipway.harbour.v1.ShipService/RunTask", "status", "UNAVAILABLE")
                            .timer()
                            .count())
                    .isEqualTo(1);

            assertThat(harbour.warnings())
                    .as("refusals are counted, not logged one by one")
                    .allSatisfy(event -> {
                        assertThat(event.getLoggerName()).endsWith("ConcurrencyLimit");
                        assertThat(event.getThrowableProxy()).isNull();
                    });

            calls.forEach(call -> call.cancel("enough", null));

            Await.until("the places are free", () -> inFlight(harbour) == 0);
            serves(harbour);
        }
    }

    @Test
    void calls_that_their_deadlines_end_lower_the_limit() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.limit.least=2", "--grpc.limit.tolerated-delay=10ms")) {
            assertThat(limit(harbour)).isEqualTo(2000);

            var channel = harbour.channel();
            Await.until("fewer are let in", () -> {
                var ended = new CountDownLatch(40);
                var soon = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.MILLISECONDS);
                for (var i = 0; i < 40; i++) {
                    blocked(channel, soon, ended);
                }
                return ended.await(20, TimeUnit.SECONDS) && limit(harbour) <= 40;
            });
        }
    }

    /// A deadline ends when it does, whoever took the time.
    @ParameterizedTest
    @CsvSource({"PT40M, false", "PT20M, true"})
    void a_call_counts_as_late_only_if_the_work_had_most_of_the_time(Duration sending, boolean isLate)
            throws InterruptedException {
        var time = new VirtualTime();
        try (var harbour = Harbour.openBy(time, "--grpc.default-deadline=1h", "--grpc.limit.least=2")) {
            var channel = harbour.channel();
            var calls = IntStream.range(0, 40)
                    .mapToObj(
                            i -> silent(channel, ShipServiceGrpc.getRunTaskMethod(), CallOptions.DEFAULT, status -> {}))
                    .toList();
            // What comes after all of them by the same connection.
            ShipServiceGrpc.newBlockingStub(channel).readShip(ChainTest.read(KNOWN.toString()));

            time.pass(sending);
            calls.forEach(call -> {
                call.sendMessage(ChainTest.task("block"));
                call.halfClose();
            });
            Await.until("all are worked on", () -> inFlight(harbour) == 40);
            time.pass(Duration.ofMinutes(61).minus(sending));
            calls.forEach(call -> call.cancel("it is too late", null));

            Await.until(
                    "all have ended by their deadline",
                    () -> harbour.meters
                                    .get("grpc.server.requests")
                                    .tags(
                                            "method",
                                            "slipway.harbour.v1.ShipService/RunTask",
                                            "status",
                                            "DEADLINE_EXCEEDED")
                                    .timer()
                                    .count()
                            == 40);
            assertThat(limit(harbour) < 2000).isEqualTo(isLate);
        }
    }

    @Test
    void idle_streams_keep_no_call_out() throws Exception {
        try (var harbour = Harbour.open(
                "--grpc.limit.most=1",
                "--grpc.limit.least=1",
                "--grpc.max-concurrent-streams=2",
                "--grpc.max-streams-per-client=2")) {
            for (var i = 0; i < 2; i++) {
                var open = ShipServiceGrpc.newBlockingV2Stub(harbour.channel()).trackCargo();
                open.write(TrackCargoRequest.newBuilder().setTons(1).build());
                assertThat(Objects.requireNonNull(open.read()).getTons()).isEqualTo(1);
            }
            assertThat(problem(() -> harbour.ships("authorization", "Bearer ann")
                                    .watchTide(WatchTideRequest.getDefaultInstance())
                                    .next())
                            .code())
                    .isEqualTo("too-many-streams");

            serves(harbour);
            Await.until("nobody has a place", () -> inFlight(harbour) == 0);
        }
    }

    @Test
    void who_never_sends_a_message_takes_no_place_and_is_not_late() throws InterruptedException {
        try (var harbour =
                Harbour.open("--grpc.limit.most=100", "--grpc.limit.least=2", "--grpc.limit.tolerated-delay=10ms")) {
            var channel = harbour.channel();
            var ended = new CountDownLatch(120);
            var soon = CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS);
            for (var i = 0; i < 120; i++) {
                silent(channel, ShipServiceGrpc.getReadShipMethod(), soon, status -> ended.countDown());
            }

            assertThat(ShipServiceGrpc.newBlockingStub(channel)
                            .readShip(ChainTest.read(KNOWN.toString()))
                            .getName())
                    .as("what comes after all of them by the same connection")
                    .isEqualTo("Vasa");
            Await.until("nobody has a place", () -> inFlight(harbour) == 0);
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(limit(harbour)).isEqualTo(100);
        }
    }

    @Test
    void streams_that_never_say_anything_keep_no_stream_out() throws Exception {
        try (var harbour = Harbour.open("--grpc.max-concurrent-streams=1", "--grpc.max-streams-per-client=2")) {
            var channel = harbour.channel();
            for (var method : List.of(
                    ShipServiceGrpc.getTrackCargoMethod(),
                    ShipServiceGrpc.getWatchTideMethod(),
                    ShipServiceGrpc.getTrackCargoMethod())) {
                silent(channel, method, CallOptions.DEFAULT, status -> {});
            }

            var first = ShipServiceGrpc.newBlockingV2Stub(channel).trackCargo();
            first.write(TrackCargoRequest.newBuilder().setTons(1).build());
            assertThat(Objects.requireNonNull(first.read()).getTons()).isEqualTo(1);

            var second = ShipServiceGrpc.newBlockingV2Stub(harbour.channel()).trackCargo();
            second.write(TrackCargoRequest.newBuilder().setTons(1).build());
            var refused = GrpcProblems.of(catchThrowableOfType(StatusException.class, second::read))
                    .orElseThrow();
            assertThat(refused.code()).isEqualTo("too-many-streams");
            assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(problem(() -> harbour.ships()
                            .watchTide(WatchTideRequest.getDefaultInstance())
                            .next()))
                    .isEqualTo(refused);
        }
    }

    @Test
    void of_too_many_calls_without_a_message_those_that_have_waited_longest_are_refused() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.max-connections=8")) {
            var channel = harbour.channel();
            var refused = new LinkedBlockingQueue<Status>();
            for (var i = 0; i < 12; i++) {
                silent(channel, ShipServiceGrpc.getReadShipMethod(), CallOptions.DEFAULT, refused::add);
                silent(channel, ShipServiceGrpc.getTrackCargoMethod(), CallOptions.DEFAULT, refused::add);
            }

            Await.until("all but eight are refused", () -> refused.size() == 16);
            assertThat(refused)
                    .allSatisfy(status -> assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE));
            serves(harbour);
        }
    }

    private static ClientCall<?, ?> blocked(Channel channel, CallOptions options, CountDownLatch ended) {
        var call = channel.newCall(ShipServiceGrpc.getRunTaskMethod(), options);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.countDown();
                    }
                },
                new Metadata());
        call.sendMessage(ChainTest.task("block"));
        call.halfClose();
        return call;
    }

    private static int inFlight(Harbour harbour) {
        return gauge(harbour, "server.concurrency.in.flight");
    }

    private static int limit(Harbour harbour) {
        return gauge(harbour, "server.concurrency.limit");
    }

    private static int gauge(Harbour harbour, String name) {
        return (int) harbour.meters.get(name).tag("server", "grpc").gauge().value();
    }

    @Test
    void a_call_that_never_completes_its_message_ends_at_the_deadline() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.default-deadline=200ms")) {
            var status = closing(harbour, ShipServiceGrpc.getReadShipMethod());

            assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void a_stream_that_says_nothing_ends_at_last() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.longest-stream=200ms")) {
            var status = closing(harbour, ShipServiceGrpc.getTrackCargoMethod());

            assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static <Q, R> Status closing(Harbour harbour, MethodDescriptor<Q, R> method) throws InterruptedException {
        var closed = new LinkedBlockingQueue<Status>();
        silent(harbour.channel(), method, CallOptions.DEFAULT, closed::add);
        return Objects.requireNonNull(closed.poll(20, TimeUnit.SECONDS));
    }

    /// A call that never sends a message.
    private static <Q, R> ClientCall<Q, R> silent(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Consumer<Status> closed) {
        // A client of a unary call says nothing before it is complete; as a stream it does.
        var streaming = method.toBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .build();
        var call = channel.newCall(streaming, options);
        call.start(
                new ClientCall.Listener<R>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        closed.accept(status);
                    }
                },
                new Metadata());
        call.request(1);
        return call;
    }

    @Test
    void work_without_a_deadline_is_interrupted_at_the_default() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.default-deadline=200ms")) {
            var stub = ShipServiceGrpc.newBlockingStub(harbour.channel());

            var problem = problem(() -> stub.runTask(ChainTest.task("block")));

            assertThat(problem.code()).isEqualTo("deadline-exceeded");
            assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_deadline_that_is_too_long_is_cut() throws InterruptedException {
        try (var harbour = Harbour.open("--grpc.longest-deadline=200ms")) {
            var problem = problem(() -> harbour.ships().runTask(ChainTest.task("block")));

            assertThat(problem.code()).isEqualTo("deadline-exceeded");
            assertThat(Long.parseLong(
                            harbour.ships().runTask(ChainTest.task("deadline")).getText()))
                    .isLessThanOrEqualTo(200);
        }
    }

    @Test
    void connections_beyond_the_limit_are_closed() throws Exception {
        try (var harbour = Harbour.open("--grpc.max-connections=2");
                var first = new Socket("localhost", harbour.address().getPort());
                var second = new Socket("localhost", harbour.address().getPort())) {
            first.getOutputStream().write(Http2Connection.preface());
            assertThat(first.getInputStream().read()).as("is served").isNotNegative();
            second.getOutputStream().write(Http2Connection.preface());
            assertThat(second.getInputStream().read()).as("is served").isNotNegative();
            try (var third = new Socket("localhost", harbour.address().getPort())) {
                third.setSoTimeout(20_000);
                assertThat(isClosed(third)).isTrue();
            }
            first.getOutputStream().close();
            Await.until("its place is free", () -> {
                serves(harbour);
                return true;
            });
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void who_opens_and_resets_calls_without_end_is_sent_away() throws Exception {
        var headers = Http2Connection.block(
                Http2Connection.call(ShipServiceGrpc.getTrackCargoMethod().getFullMethodName()));

        assertThat(goAway(connection -> {
                    for (var stream = 1; stream < 4_000; stream += 2) {
                        connection.frame(Http2Connection.HEADERS, Http2Connection.END_HEADERS, stream, headers);
                        connection.frame(Http2Connection.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                    }
                }))
                .startsWith("too_many_rst");
    }

    @Test
    void who_asks_all_the_time_whether_the_connection_is_alive_is_sent_away() throws Exception {
        assertThat(goAway(connection -> {
                    for (var i = 0; i < 10; i++) {
                        connection.frame(Http2Connection.PING, 0, 0, new byte[8]);
                    }
                }))
                .isEqualTo("too_many_pings");
    }

    @Test
    void what_is_not_http2_is_closed() throws Exception {
        try (var harbour = Harbour.open();
                var socket = new Socket("localhost", harbour.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (!isClosed(socket)) {
                Thread.onSpinWait();
            }
            serves(harbour);
        }
    }

    private interface Attack {
        void by(Http2Connection connection) throws IOException;
    }

    /// What the server says when it ends the attacker's connection; all others it serves.
    private static String goAway(Attack attack) throws Exception {
        try (var harbour = Harbour.open();
                var connection = Http2Connection.to(harbour.address())) {
            attack.by(connection);
            connection.send();
            var frame = connection.read().orElseThrow();
            while (frame.type() != Http2Connection.GOAWAY) {
                assertThat(frame.type()).isNotEqualTo(Http2Connection.DATA);
                frame = connection.read().orElseThrow();
            }
            serves(harbour);
            return new String(frame.payload(), 8, frame.payload().length - 8, StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_timeout_that_is_none_is_refused_and_the_longest_one_is_cut() throws Exception {
        try (var harbour = Harbour.open()) {
            for (var timeout : List.of("", "S", "1", "1x", "-1S", "+1S", "1 S", "123456789S", "1S, 2S", "\u0000")) {
                assertThat(answered(harbour, timeout)).as("<%s>", timeout).isEqualTo(Status.Code.INVALID_ARGUMENT);
            }
            assertThat(answered(harbour, "99999999H")).isEqualTo(Status.Code.OK);
            assertThat(answered(harbour, "0n")).isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);
            assertThat(harbour.stacks()).isEmpty();
            serves(harbour);
        }
    }

    private static Status.Code answered(Harbour harbour, String timeout) throws Exception {
        try (var connection = Http2Connection.to(harbour.address())) {
            var headers = Http2Connection.call(
                            ShipServiceGrpc.getReadShipMethod().getFullMethodName())
                    .add("grpc-timeout", timeout);
            var message = ChainTest.read(KNOWN.toString()).toByteArray();
            connection
                    .frame(Http2Connection.HEADERS, Http2Connection.END_HEADERS, 1, Http2Connection.block(headers))
                    .frame(Http2Connection.DATA, Http2Connection.END_STREAM, 1, Http2Connection.message(message))
                    .send();
            for (var frame = connection.read().orElseThrow();
                    ;
                    frame = connection.read().orElseThrow()) {
                if (frame.type() == Http2Connection.RST_STREAM) {
                    return Status.Code.CANCELLED;
                }
                if (frame.type() == Http2Connection.HEADERS) {
                    var status = connection.headers(frame).get("grpc-status");
                    if (status != null) {
                        return Status.fromCodeValue(Integer.parseInt(status.toString()))
                                .getCode();
                    }
                }
            }
        }
    }
}
