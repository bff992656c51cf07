package dev.slipway.bench;

import dev.slipway.testkit.TextListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A GraphQL client that has subscribed, on a WebSocket of its own (graphql-transport-ws).
final class Subscriber implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    private Subscriber(HttpClient http, URI uri, User user) {
        var listener = new TextListener(this::hear);
        var _ = listener.closed()
                .whenComplete((code, failure) -> heard.add("the end: " + (failure == null ? code : failure)));
        socket = http.newWebSocketBuilder()
                .subprotocols("graphql-transport-ws")
                .header("Authorization", "Bearer " + user.token())
                .buildAsync(uri, listener)
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

    private void hear(String message) {
        if (message.contains("\"type\":\"ping\"")) {
            Thread.startVirtualThread(() -> say("{\"type\":\"pong\"}"));
        } else {
            heard.add(message);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }
}
