package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Problem;
import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Work ends when its client has gone or its deadline is over, and not before.
@Timeout(60)
class CancellationTest {
    /// Short rounds, since the time-outs share them.
    private static final String LOOKS_OFTEN = "--http.idle-timeout=1s";

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private Route<?, ?> endless() {
        var first = new AtomicBoolean(true);
        return Shop.place(() -> {
            if (!first.getAndSet(false)) {
                return;
            }
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
    }

    private static byte[] order(String headers) {
        return ("POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers
                        + "Content-Length: " + Shop.ORDER.length() + "\r\n\r\n" + Shop.ORDER)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// What it asks for has no end either.
    @Test
    void a_client_that_takes_no_answers_is_cut_off_without_a_stack_in_the_log() throws Exception {
        var cut = new CountDownLatch(1);
        var request = "GET /v1/large/100000 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var api = new Api(rest -> rest.routes(Shop.large(), Shop.ping()), LOOKS_OFTEN);
                var deaf = connect(api)) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        deaf.getOutputStream().write(request);
                    }
                } catch (IOException e) {
                    cut.countDown();
                }
            });
            assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(api.get("/v1/ping").statusCode()).isEqualTo(200);
            assertThat(api.newFaults()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_client_that_leaves_or_is_torn_away_ends_its_work(boolean torn) throws Exception {
        try (var api = new Api(rest -> rest.routes(endless()), LOOKS_OFTEN)) {
            try (var socket = connect(api)) {
                socket.getOutputStream().write(order(""));
                begun.await();
                if (torn) {
                    socket.setSoLinger(true, 0);
                }
            }
            interrupted.await();
            Await.until("the line of the request", () -> api.logged("access").size() == 1);
            assertThat(api.logged("access").getFirst().getKeyValuePairs())
                    .anySatisfy(pair -> assertThat(pair.value).isEqualTo(408));
            assertThat(api.logged("dev.slipway.operation.Failures")).isEmpty();
            assertThat(api.post("/v1/orders", Shop.ORDER).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void a_deadline_ends_the_work_and_spares_the_connection() throws Exception {
        try (var api = new Api(rest -> rest.routes(endless()), "--http.request-timeout=1s");
                var socket = connect(api)) {
            socket.getOutputStream().write(order(""));
            interrupted.await();
            socket.getOutputStream().write(order("Connection: close\r\n"));
            assertThat(Api.readAll(socket.getInputStream()))
                    .startsWith("HTTP/1.1 504")
                    .contains("\"code\":\"deadline-exceeded\"")
                    .contains("HTTP/1.1 201");
            assertThat(api.logged("dev.slipway.operation.Failures")).isEmpty();
        }
    }

    @Test
    void a_client_that_waits_is_there() throws Exception {
        try (var pair = new Pair()) {
            var cancellation = pair.begin(false);
            for (var round = 0; round < 5; round++) {
                pair.round();
            }
            pair.connection.finishWork(cancellation);

            assertThat(cancellation.hasEnded()).isFalse();
            assertThat(pair.connection.isSpoilt()).isFalse();
            assertThat(pair.server.getSoTimeout()).isZero();
        }
    }

    @Test
    void work_is_looked_after_from_the_second_round_on() throws Exception {
        try (var pair = new Pair()) {
            var quick = pair.begin(false);
            pair.client.close();
            pair.round();
            pair.connection.finishWork(quick);
            var slow = pair.begin(false);
            pair.round();
            assertThat(quick.hasEnded()).isFalse();
            assertThat(slow.hasEnded()).isFalse();

            pair.roundsUntilTheEndOf(slow);
            pair.connection.finishWork(slow);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void a_body_that_is_not_read_yet_is_not_touched() throws Exception {
        try (var pair = new Pair()) {
            var cancellation = pair.begin(true);
            pair.client.getOutputStream().write('{');
            pair.client.close();
            Await.until("one byte to read", () -> pair.available() == 1);
            pair.round();
            pair.round();
            pair.round();
            assertThat(cancellation.hasEnded()).isFalse();
            assertThat(pair.server.getInputStream().read()).isEqualTo('{');

            pair.connection.bodyEnded();
            pair.roundsUntilTheEndOf(cancellation);
            pair.connection.finishWork(cancellation);
        }
    }

    @Test
    void a_next_request_that_is_there_already_is_left_alone() throws Exception {
        try (var pair = new Pair()) {
            var cancellation = pair.begin(false);
            pair.client.getOutputStream().write('G');
            Await.until("one byte to read", () -> pair.available() == 1);
            pair.round();
            pair.round();
            pair.round();
            pair.connection.finishWork(cancellation);

            assertThat(cancellation.hasEnded()).isFalse();
            assertThat(pair.server.getInputStream().read()).isEqualTo('G');
        }
    }

    @Test
    void after_a_lost_byte_the_connection_is_of_no_more_use() throws Exception {
        try (var pair = new Pair()) {
            var cancellation = pair.begin(false);
            var enough = new AtomicBoolean();
            var writer = Thread.ofVirtual().start(() -> pair.writeUntil(enough));
            while (!pair.connection.isSpoilt()) {
                pair.round();
                pair.forget();
            }
            enough.set(true);
            writer.join();
            pair.round();
            pair.connection.finishWork(cancellation);
            assertThat(cancellation.hasEnded()).isFalse();
            assertThat(pair.server.isInputShutdown()).isTrue();
        }
    }

    @Test
    void a_request_that_was_read_before_its_connection_was_cut_is_answered() throws Exception {
        try (var pair = new Pair()) {
            pair.connection.endIntake();
            assertThat(pair.server.isInputShutdown()).isTrue();
            var cancellation = pair.begin(false);
            pair.round();
            pair.round();
            pair.round();
            pair.connection.finishWork(cancellation);
            assertThat(cancellation.hasEnded()).isFalse();
        }
    }

    @Test
    void the_end_explains_what_an_interrupt_broke_and_not_what_was_refused() {
        var cancellation = new Cancellation(() -> true);
        cancellation.onEnd(reason -> {});
        assertThat(cancellation.problem(new InterruptedException())).isEqualTo(Failures.STOPPING);
        assertThat(Thread.interrupted()).isTrue();

        cancellation.end(Failures.GONE);
        cancellation.end(Failures.LATE);

        assertThat(cancellation.problem(new InterruptedException())).isEqualTo(Failures.GONE);
        assertThat(cancellation.problem(RestContext.NO_RESOURCE.asException())).isEqualTo(RestContext.NO_RESOURCE);
        assertThat(cancellation.hasEndedLate()).isFalse();
    }

    @Test
    void an_end_that_has_come_already_reaches_who_asks_to_be_told() {
        var told = new ArrayList<Problem>();
        var cancellation = new Cancellation(() -> true);
        cancellation.end(Failures.LATE);
        cancellation.onEnd(reason -> {
            told.add(reason);
            throw new IllegalStateException("broken");
        });
        cancellation.finish();

        assertThat(told).containsExactly(Failures.LATE);
        assertThat(cancellation.hasEndedLate()).isTrue();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void requests_that_their_deadlines_end_lower_the_limit_at_the_door() throws Exception {
        var forever = Shop.place(() -> new CountDownLatch(1).await());
        try (var api = new Api(
                rest -> rest.routes(forever),
                "--http.request-timeout=500ms",
                "--http.limit.least=2",
                "--http.limit.tolerated-delay=10ms")) {
            var before = limit(api);
            Await.until("the limit is lower", () -> {
                var answers = IntStream.range(0, 40).mapToObj(i -> api.order()).toList();
                answers.forEach(CompletableFuture::join);
                return limit(api) <= 40;
            });
            assertThat(before).isEqualTo(2000);
        }
    }

    private static double limit(Api api) {
        return api.gauge("server.concurrency.limit");
    }

    private static Socket connect(Api api) throws IOException {
        var socket = new Socket(api.address().getHost(), api.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /// Two ends of a connection.
    private static final class Pair implements AutoCloseable {
        final Socket client;
        final Socket server;
        final Connections.Connection connection;

        Pair() throws IOException {
            try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                server = listener.accept();
            }
            connection =
                    new Connections(Duration.ofHours(1), Duration.ofHours(1), Time.system()).new Connection(server);
        }

        Cancellation begin(boolean hasBody) {
            var cancellation = new Cancellation(() -> false);
            connection.works();
            connection.beginWork(cancellation, hasBody);
            return cancellation;
        }

        void round() {
            connection.check();
            connection.look();
        }

        /// Each looks for a millisecond.
        void roundsUntilTheEndOf(Cancellation work) {
            Await.until("the work has ended", () -> {
                round();
                return work.hasEnded();
            });
        }

        int available() {
            try {
                return server.getInputStream().available();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Drops what was not lost.
        void forget() throws IOException {
            var input = server.getInputStream();
            input.skipNBytes(input.available());
        }

        void writeUntil(AtomicBoolean enough) {
            try {
                while (!enough.get()) {
                    client.getOutputStream().write('G');
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
