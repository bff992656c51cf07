package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpCallsTest {
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Balancer balancer = new Balancer(Strategy.ROUND_ROBIN);
    private final HttpCalls calls = new HttpCalls(client, "http", balancer.targets);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void stop() {
        released.countDown();
        client.close();
        servers.forEach(server -> server.stop(0));
        threads.close();
    }

    private String server(AtomicInteger hits, int status) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            hits.incrementAndGet();
            if (status == 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            var body = exchange.getRequestURI().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status == 0 ? 200 : status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
        servers.add(server);
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private int call() throws InterruptedException {
        try {
            return calls.send("/v1/stock?sku=7", request(), BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private static HttpRequest.Builder request() {
        return HttpRequest.newBuilder().timeout(Duration.ofMillis(300));
    }

    @Test
    void calls_go_to_the_instances_with_their_path() throws Exception {
        var hits = new AtomicInteger();
        balancer.with(server(hits, 200), server(hits, 200));

        var answer = calls.send("/v1/stock?sku=7", request(), BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("/v1/stock?sku=7");
        assertThat(call()).isEqualTo(200);
        assertThat(hits).hasValue(2);
    }

    @Test
    void an_instance_that_cannot_serve_is_ejected() throws Exception {
        var bad = new AtomicInteger();
        balancer.with(server(new AtomicInteger(), 200), server(bad, 503));
        for (var i = 0; i < 20; i++) {
            call();
        }

        assertThat(bad).hasValue(3);
        assertThat(balancer.gauge("ejected")).isEqualTo(1);
    }

    @Test
    void an_instance_that_does_not_listen_or_answer_is_ejected() throws Exception {
        var silent = new AtomicInteger();
        var gone = server(new AtomicInteger(), 200);
        servers.getLast().stop(0);
        balancer.with(server(new AtomicInteger(), 200), server(new AtomicInteger(), 200), gone, server(silent, 0));
        for (var i = 0; i < 20; i++) {
            call();
        }

        assertThat(silent).hasValue(3);
        assertThat(balancer.gauge("ejected")).isEqualTo(2);
        assertThat(call()).isEqualTo(200);
    }

    @Test
    void a_refusal_is_an_answer() throws Exception {
        balancer.with(server(new AtomicInteger(), 404), server(new AtomicInteger(), 429));
        for (var i = 0; i < 20; i++) {
            call();
        }

        assertThat(balancer.counter("discovery.failures")).isZero();
    }

    @Test
    void an_interrupted_call_is_nobodys_fault_and_no_longer_in_flight() throws Exception {
        balancer.with(server(new AtomicInteger(), 0));
        var caller = Thread.ofVirtual().start(() -> {
            try {
                calls.send("/", HttpRequest.newBuilder(), BodyHandlers.discarding());
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Await.until("it waits", () -> balancer.counter("discovery.picks") == 1);
        caller.interrupt();
        caller.join();

        assertThat(balancer.counter("discovery.failures")).isZero();
    }

    @Test
    void a_path_cannot_change_the_host() {
        balancer.with("127.0.0.1:80");

        assertThatThrownBy(() -> calls.send("@example.com/", request(), BodyHandlers.discarding()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpCalls(client, "ftp", balancer.targets))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
