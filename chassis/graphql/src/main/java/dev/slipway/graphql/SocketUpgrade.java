package dev.slipway.graphql;

import dev.slipway.core.Time;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.spi.Http1UpgradeProvider;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ProtocolConfig;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Takes a connection over from HTTP: the opening handshake of WebSockets
/// ([RFC 6455, 4.2](https://www.rfc-editor.org/rfc/rfc6455#section-4.2)).
///
/// @param most bytes of a message
/// @param listener who speaks on a connection that was opened by a request with these headers
record SocketUpgrade(String path, String protocol, int most, Time time, Function<Headers, Socket.Listener> listener)
        implements ProtocolConfig, Http1Upgrader {
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final HeaderName PROTOCOLS = HeaderNames.create("Sec-WebSocket-Protocol");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// What Helidon finds upgrades by.
    public static final class Provider implements Http1UpgradeProvider<SocketUpgrade> {
        @Override
        public String protocolType() {
            return "websocket";
        }

        @Override
        public Class<SocketUpgrade> protocolConfigType() {
            return SocketUpgrade.class;
        }

        @Override
        public Http1Upgrader create(SocketUpgrade config, ProtocolConfigs configs) {
            return config;
        }
    }

    @Override
    public String name() {
        return path;
    }

    @Override
    public String type() {
        return "websocket";
    }

    @Override
    public String supportedProtocol() {
        return "websocket";
    }

    /// What is no such handshake is left to HTTP.
    @Override
    public @Nullable ServerConnection upgrade(
            ConnectionContext connection, HttpPrologue prologue, WritableHeaders<?> headers) {
        if (!prologue.uriPath().path().equals(path) || !headers.contains(KEY) || !offers(headers)) {
            return null;
        }
        if (!headers.contains(VERSION) || !headers.get(VERSION).get().equals("13")) {
            throw refusal("Version 13 is spoken here");
        }
        var answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Protocol: " + protocol + "\r\nSec-WebSocket-Accept: "
                + accept(headers.get(KEY).get()) + "\r\n\r\n";
        connection.dataWriter().writeNow(BufferData.create(answer.getBytes(StandardCharsets.US_ASCII)));
        return new Socket(connection, most, time, listener.apply(headers));
    }

    private boolean offers(Headers headers) {
        return headers.all(PROTOCOLS, List::of).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(offered -> offered.strip().equals(protocol));
    }

    private static String accept(String key) {
        try {
            if (Base64.getDecoder().decode(key).length == 16) {
                var digest =
                        MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(digest);
            }
        } catch (IllegalArgumentException e) {
            throw refusal("The key is no Base64");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
        throw refusal("The key has 16 bytes");
    }

    private static RequestException refusal(String message) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .header(HeaderValues.create(VERSION, "13"))
                .message(message)
                .build();
    }
}
