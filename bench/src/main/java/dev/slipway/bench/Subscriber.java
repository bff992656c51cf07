package dev.slipway.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A GraphQL client that has subscribed, on a WebSocket of its own (graphql-transport-ws).
final class Subscriber implements WebSocket.Listener, AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    private Subscriber(HttpClient http, URI uri, User user) {
        socket = http.newWebSocketBuilder()
                .subprotocols("graphql-transport-ws")
                .header("Authorization", "Bearer " + user.token())
                .buildAsync(uri, this)
                .join();
    }

    /// Returns when the subscription has begun.
    static Subscriber of(HttpClient http, URI uri, User user) throws InterruptedException {
        var subscriber = new Subscriber(http, uri, user);
        subscriber.say("{\"type\":\"connection_init\"}");
        subscriber.expect("connection_ack");
        subscriber.say("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription { idle }\"}}");
        subscriber.expect("next");
        return subscriber;
    }

    /// One message after the other.
    private synchronized void say(String message) {
        socket.sendText(message, true).join();
    }

    private void expect(String type) throws InterruptedException {
        var message = Optional.ofNullable(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .orElse("nothing");
        if (!message.contains("\"" + type + "\"")) {
            throw new MeasureException("no %s was heard, but %s".formatted(type, message));
        }
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            var message = text.toString();
            text.setLength(0);
            if (message.contains("\"type\":\"ping\"")) {
                Thread.startVirtualThread(() -> say("{\"type\":\"pong\"}"));
            } else {
                heard.add(message);
            }
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add("the end: " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        heard.add(failure.toString());
    }

    @Override
    public void close() {
        socket.abort();
    }
}
