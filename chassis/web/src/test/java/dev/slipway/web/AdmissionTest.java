package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Time;
import dev.slipway.testkit.VirtualTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who is waited for holds no place among those that are served, and says nothing about the load.
@Timeout(60)
class AdmissionTest {
    private static final int HALF = Shop.ORDER.length() / 2;
    /// Of connections and of streams.
    private static final int WATCHERS = 2;
    /// What ends in one is judged when something ends in the next.
    private static final int ROUNDS = 2;

    private static final int REQUESTS = 30;

    @Test
    void half_a_body_holds_no_place() throws Exception {
        var slow = new Shop.SlowOrders(2);
        try (var api = new Api(
                        rest -> rest.routes(Shop.place(slow), Shop.ping()),
                        "--http.limit.most=2",
                        "--http.limit.least=1");
                var slowest = new Bodies(api, 20)) {
            slowest.begin();
            var full = IntStream.range(0, 2).mapToObj(i -> api.order()).toList();
            slow.awaitBegun();
            assertThat(Api.code(api.get("/v1/ping"))).isEqualTo("overloaded");

            slowest.complete(0);
            assertThat(slowest.answer(0)).startsWith("HTTP/1.1 503").contains("overloaded");
            slow.goOn();
            for (var answer : full) {
                assertThat(answer.get().statusCode()).isEqualTo(201);
            }
            for (var i = 1; i < 20; i++) {
                slowest.complete(i);
                assertThat(slowest.answer(i)).startsWith("HTTP/1.1 201");
            }
            assertThat(api.gauge("server.concurrency.in.flight")).isZero();
        }
    }

    @Test
    void bodies_that_never_come_do_not_lower_the_limit() throws Exception {
        var time = new VirtualTime();
        keepsItsLimit(time, Api::shopRoutes, never -> {
            time.awaitWaiting(WATCHERS);
            time.pass(Duration.ofSeconds(4));
            never.areAnswered("HTTP/1.1 408");
        });
    }

    @Test
    void work_that_is_late_since_its_client_took_the_time_does_not_lower_the_limit() throws Exception {
        var begun = new Semaphore(0);
        var forever = Shop.place(() -> {
            begun.release();
            new CountDownLatch(1).await();
        });
        var time = new VirtualTime();
        keepsItsLimit(time, rest -> rest.routes(forever), slow -> {
            slow.begin();
            time.pass(Duration.ofSeconds(2));
            for (var i = 0; i < REQUESTS; i++) {
                slow.complete(i);
            }
            begun.acquire(REQUESTS);
            time.awaitWaiting(WATCHERS);
            time.pass(Duration.ofMillis(1_100));
            slow.areAnswered("HTTP/1.1 504");
        });
    }

    /// What happens to the requests of one round.
    private interface Round {
        void play(Bodies bodies) throws Exception;
    }

    private static void keepsItsLimit(Time time, Consumer<Rest> routes, Round round) throws Exception {
        try (var api = new Api(
                time,
                routes,
                "--http.request-timeout=3s",
                "--http.limit.least=1",
                "--http.limit.tolerated-delay=10ms")) {
            for (var i = 0; i < ROUNDS; i++) {
                try (var bodies = new Bodies(api, REQUESTS)) {
                    round.play(bodies);
                }
            }
            assertThat(api.gauge("server.concurrency.limit")).isEqualTo(2000);
        }
    }

    @Test
    void a_client_that_does_not_read_its_answer_holds_no_place() throws Exception {
        try (var api = Api.shop("--http.limit.most=1", "--http.limit.least=1");
                var lazy = new Socket(api.address().getHost(), api.address().getPort())) {
            lazy.setSoTimeout(20_000);
            lazy.getOutputStream()
                    .write("GET /v1/large/30000000 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(lazy.getInputStream().read()).isEqualTo('H');

            assertThat(api.get("/v1/ping").statusCode()).isEqualTo(200);
        }
    }

    /// Requests of whose bodies the server waits for a first half, and for a second one.
    private static final class Bodies implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();
        private final List<BufferedReader> answers = new ArrayList<>();

        Bodies(Api api, int count) throws IOException {
            for (var i = 0; i < count; i++) {
                var socket = new Socket(api.address().getHost(), api.address().getPort());
                socket.setSoTimeout(20_000);
                sockets.add(socket);
                answers.add(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
                write(
                        i,
                        "POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                + Shop.ORDER.length() + "\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
            }
            // It says so when it wants the body.
            for (var i = 0; i < count; i++) {
                assertThat(answers.get(i).readLine()).isEqualTo("HTTP/1.1 100 Continue");
                assertThat(answers.get(i).readLine()).isEmpty();
            }
        }

        void begin() throws IOException {
            for (var i = 0; i < sockets.size(); i++) {
                write(i, Shop.ORDER.substring(0, HALF));
            }
        }

        void complete(int i) throws IOException {
            write(i, Shop.ORDER.substring(HALF));
        }

        String answer(int i) {
            return String.join("\n", answers.get(i).lines().toList());
        }

        void areAnswered(String begin) {
            for (var i = 0; i < sockets.size(); i++) {
                assertThat(answer(i)).startsWith(begin);
            }
        }

        private void write(int i, String text) throws IOException {
            sockets.get(i).getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
