package dev.slipway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.WatchTideRequest;
import dev.slipway.grpc.harbour.v1.WatchTideResponse;
import dev.slipway.testkit.JavaProcess;
import dev.slipway.testkit.TextListener;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients see of a service in another process that is told to stop, by every protocol.
@Timeout(120)
class StopTest {
    private static final int ENDED_BY_SIGTERM = 143;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process process;
    private BufferedReader out;
    private URI rest;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        process = JavaProcess.of(
                        List.of(),
                        Pier.class,
                        List.of(
                                "--service.environment=test",
                                "--service.management-port=0",
                                "--service.drain-timeout=10m",
                                "--service.termination-grace=20m",
                                "--service.hint=Try: {http} {grpc} now",
                                "--http.port=0",
                                "--grpc.port=0"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader();
        var addresses = after("Try: ").split(" ");
        rest = URI.create(addresses[0]);
        var grpc = URI.create(addresses[1]);
        channel = NettyChannelBuilder.forAddress(grpc.getHost(), grpc.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        // First: the others are not there if the start failed.
        process.destroyForcibly();
        channel.shutdownNow();
        http.shutdownNow();
    }

    /// The rest of the next line that contains a text.
    private String after(String text) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            var begin = line.indexOf(text);
            if (begin >= 0) {
                return line.substring(begin + text.length());
            }
        }
        throw new AssertionError("the process ended without " + text);
    }

    private void stopService() throws Exception {
        beginStop();
        endStop();
    }

    /// Returns when all parts have been told; none waits for anything yet, and none closes.
    private void beginStop() throws IOException {
        process.toHandle().destroy();
        after("told");
    }

    /// The service would give what it waits for more time than the test has.
    private void endStop() throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor()).isEqualTo(ENDED_BY_SIGTERM);
    }

    @Test
    void an_idle_service_with_fifty_watchers_tells_each_before_it_waits_or_closes_anything() throws Exception {
        var events = new ArrayList<CompletableFuture<List<String>>>();
        var calls = new ArrayList<Heard<?>>();
        var sockets = new ArrayList<Socket>();
        for (var i = 0; i < 15; i++) {
            events.add(watchWaves());
            calls.add(watchTide());
        }
        for (var i = 0; i < 10; i++) {
            calls.add(watchHealth());
            sockets.add(new Socket(i % 2 == 0));
        }

        beginStop();

        for (var lines : events) {
            assertThat(told(lines)).contains("event: problem").anyMatch(line -> line.contains("urn:problem:stopping"));
        }
        for (var call : calls) {
            var end = (Throwable) call.end();
            assertThat(Status.fromThrowable(end).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(GrpcProblems.of(end).orElseThrow().code()).isEqualTo("stopping");
        }
        for (var socket : sockets) {
            assertThat(socket.closed()).isEqualTo(1001);
        }
        endStop();
    }

    private static <T> T told(CompletableFuture<T> watcher) throws Exception {
        return watcher.get(20, TimeUnit.SECONDS);
    }

    @Test
    void what_is_in_flight_is_finished() throws Exception {
        var posted = http.sendAsync(
                request("/v1/unload").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        after("begun");
        var loaded = http.sendAsync(
                request("/v1/load")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString("{\"tons\":1}\n{\"tons\":2}\n"))
                        .build(),
                BodyHandlers.ofString());
        after("begun");
        var called = CompletableFuture.supplyAsync(() -> {
            try {
                return ShipServiceGrpc.newBlockingStub(channel)
                        .runTask(ChainTest.task("block"))
                        .getText();
            } catch (StatusRuntimeException e) {
                return e.toString();
            }
        });
        after("blocks");

        stopService();

        assertThat(posted.get().statusCode()).isEqualTo(200);
        assertThat(loaded.get().body()).isEqualTo("{\"tons\":1}\n{\"tons\":2}\n");
        assertThat(called.get()).isEqualTo("went on");
    }

    @Test
    void a_mutation_by_websocket_is_answered_before_the_socket_is_closed() throws Exception {
        var socket = new Socket(true);
        socket.send("{\"id\":\"2\",\"type\":\"subscribe\",\"payload\":{\"query\":\"mutation { unload }\"}}");
        after("begun");

        stopService();

        assertThat(socket.closed()).isEqualTo(1001);
        assertThat(socket.texts).anyMatch(text -> text.contains("unloaded"));
    }

    @Test
    void a_service_without_clients_stops() throws Exception {
        stopService();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(rest.resolve(path));
    }

    /// Returns when the first event is there; then come all others, once the stream has ended.
    private CompletableFuture<List<String>> watchWaves() throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer = http.send(request("/v1/waves").build(), BodyHandlers.ofLines());
        var lines = answer.body().iterator();
        assertThat(lines.next()).isEqualTo("data: {\"tons\":1}");
        var others = new CompletableFuture<List<String>>();
        Thread.startVirtualThread(() -> {
            var read = new ArrayList<String>();
            try {
                lines.forEachRemaining(read::add);
                others.complete(read);
            } catch (UncheckedIOException e) {
                others.completeExceptionally(e);
            }
        });
        return others;
    }

    private Heard<WatchTideResponse> watchTide() throws InterruptedException {
        var heard = new Heard<WatchTideResponse>();
        ShipServiceGrpc.newStub(channel)
                .watchTide(
                        WatchTideRequest.newBuilder()
                                .setCount(1)
                                .setSize(Harbour.ENDLESS)
                                .build(),
                        heard);
        assertThat(heard.next()).isInstanceOf(Message.class);
        return heard;
    }

    private Heard<HealthCheckResponse> watchHealth() throws InterruptedException {
        var heard = new Heard<HealthCheckResponse>();
        HealthGrpc.newStub(channel).watch(HealthCheckRequest.getDefaultInstance(), heard);
        assertThat(heard.next()).isInstanceOf(Message.class);
        return heard;
    }

    /// A client of graphql-transport-ws.
    private final class Socket {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final TextListener listener = new TextListener(texts::add);
        private final WebSocket socket;

        Socket(boolean subscribes) throws Exception {
            var address = URI.create(rest.toString().replace("http:", "ws:") + "/graphql");
            socket = http.newWebSocketBuilder()
                    .subprotocols("graphql-transport-ws")
                    .buildAsync(address, listener)
                    .get();
            send("{\"type\":\"connection_init\"}");
            assertThat(texts.take()).contains("connection_ack");
            if (subscribes) {
                send("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription { waves }\"}}");
                assertThat(texts.take()).contains("\"next\"");
            }
        }

        void send(String text) throws Exception {
            socket.sendText(text, true).get();
        }

        int closed() throws Exception {
            return told(listener.closed());
        }
    }
}
