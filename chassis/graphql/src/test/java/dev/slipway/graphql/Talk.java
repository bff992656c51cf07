package dev.slipway.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.testkit.TextListener;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A WebSocket client that says what a test wants, right or wrong.
final class Talk implements AutoCloseable {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final TextListener listener = new TextListener(heard::add);
    private final WebSocket socket;

    private Talk(Site site, List<String> headers) {
        var builder = site.http().newWebSocketBuilder().subprotocols(SocketSession.PROTOCOL);
        for (var i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        socket = builder.buildAsync(java.net.URI.create(site.uri().toString().replace("http:", "ws:")), listener)
                .join();
    }

    static Talk open(Site site, String... headers) {
        return new Talk(site, List.of(headers));
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
            say("{\"type\":\"pong\"}");
        }
    }

    JsonNode expect(String type) throws InterruptedException {
        var json = next();
        if (!json.get("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + ", heard " + json);
        }
        return json;
    }

    /// The code of the error that comes next.
    String refusal() throws InterruptedException {
        return expect("error").at("/payload/0/extensions/code").asText();
    }

    int closed() throws Exception {
        return listener.closed().get(20, TimeUnit.SECONDS);
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
    public void close() {
        socket.abort();
    }
}
