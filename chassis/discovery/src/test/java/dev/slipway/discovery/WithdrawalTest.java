package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A stop with an etcd that begins to answer and never ends, which no time-out of the HTTP client covers.
@Timeout(60)
class WithdrawalTest {
    private final VirtualTime time = new VirtualTime();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final HttpServer etcd;

    WithdrawalTest() throws IOException {
        etcd = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        etcd.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        etcd.createContext("/", this::answer);
        etcd.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        etcd.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var answer = "{\"ID\":\"7\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        if (exchange.getRequestURI().getPath().endsWith("revoke")) {
            exchange.getResponseBody().flush();
            asked.countDown();
            Await.until("the test is over", () -> over.getCount() == 0);
        }
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Test
    void a_registration_that_cannot_be_withdrawn_holds_a_stop_up_for_two_seconds_at_the_most() throws Exception {
        assertThat(waitsFor(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void and_no_longer_than_the_budget_lasts() throws Exception {
        assertThat(waitsFor(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(100));
    }

    private Duration waitsFor(Duration limit) throws Exception {
        var member = URI.create("http://127.0.0.1:" + etcd.getAddress().getPort());
        var settings = new EtcdSettings(
                List.of(member, member, member), Optional.empty(), Optional.empty(), "/", Duration.ofHours(1));
        try (var client = new EtcdClient(settings, time)) {
            var registration =
                    new Registration(time, new Random(1), client, "inventory", () -> Instance.parse("127.0.0.1:8081"));
            registration.start();
            Await.until("it is registered", registration::isRegistered);
            var stopping = Thread.ofVirtual().start(() -> registration.beforeStop(limit));
            asked.await();
            time.awaitWaiting(1);
            var due = time.nextDue();
            time.pass(due);
            stopping.join();
            return due;
        }
    }
}
