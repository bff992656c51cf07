package dev.slipway.resilience;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A dependency that a test can make slow or ill, on loopback, and its client.
final class FaultyServer implements AutoCloseable {

    enum Condition {
        WELL,
        /// Answers after ten seconds.
        SLOW,
        FAILING
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Condition condition = Condition.WELL;

    FaultyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    void becomes(Condition next) {
        condition = next;
    }

    /// How many requests have arrived.
    int requests() {
        return requests.get();
    }

    String ask() throws IOException, InterruptedException {
        var port = server.getAddress().getPort();
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
        var response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }

    @Override
    public void close() {
        closed.countDown();
        client.shutdownNow();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            switch (condition) {
                case WELL -> send(exchange, 200, "well");
                case FAILING -> send(exchange, 500, "ill");
                case SLOW -> {
                    if (!closed.await(10, TimeUnit.SECONDS)) {
                        send(exchange, 200, "late");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
