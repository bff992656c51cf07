package dev.slipway.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket client that says what a test wants, right or wrong.
final class Talk implements WebSocket.Listener, AutoCloseable {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final boolean answersPings;
    private final WebSocket socket;

    private Talk(Site site, boolean answersPings, List<String> headers) {
        this.answersPings = answersPings;
        var builder = site.http().newWebSocketBuilder().subprotocols(SocketSession.PROTOCOL);
        for (var i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        socket = builder.buildAsync(java.net.URI.create(site.uri().toString().replace("http:", "ws:")), this)
                .join();
    }

    static Talk open(Site site, String... headers) {
        return new Talk(site, true, List.of(headers));
    }

    /// A connection that was acknowledged.
    static Talk begin(Site site, String... headers) throws InterruptedException {
        var talk = open(site, headers);
        talk.say("{\"type\":\"connection_init\"}");
        talk.expect("connection_ack");
        return talk;
    }

    void say(String message) {
        socket.sendText(message, true).join();
    }

    void subscribe(String id, String query) {
        say("{\"id\":\"%s\",\"type\":\"subscribe\",\"payload\":{\"query\":\"%s\"}}".formatted(id, query));
    }

    /// The next message that is no ping.
    JsonNode next() throws InterruptedException {
        while (true) {
            var message = heard.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing was heard");
            }
            var json = Site.parse(message);
            if (!json.get("type").asText().equals("ping")) {
                return json;
            }
            if (answersPings) {
                say("{\"type\":\"pong\"}");
            }
        }
    }

    JsonNode expect(String type) throws InterruptedException {
        var json = next();
        if (!json.get("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + ", heard " + json);
        }
        return json;
    }

    int closed() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }

    /// Says something, unless the service has closed the connection meanwhile.
    void trySay(String message) {
        socket.sendText(message, true).handle((sent, failure) -> sent).join();
    }

    /// Goes in order.
    ///
    /// @return the code that the service closed with
    int leave() throws Exception {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .handle((sent, failure) -> sent)
                .join();
        return closed();
    }

    /// Goes without a word.
    void abort() {
        socket.abort();
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            heard.add(text.toString());
            text.setLength(0);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.completeExceptionally(failure);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
