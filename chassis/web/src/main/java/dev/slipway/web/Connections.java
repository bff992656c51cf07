package dev.slipway.web;

import io.helidon.common.socket.SocketOptions;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Options of each connection. Helidon 4.3.1 leaves out the read time-out, so that a client that stalls would hold its
/// connection for ever.
record Connections(
        Map<SocketOption<?>, Object> socketOptions,
        Duration connectTimeout,
        Duration readTimeout,
        Optional<Integer> socketReceiveBufferSize,
        Optional<Integer> socketSendBufferSize,
        boolean socketReuseAddress,
        boolean socketKeepAlive,
        boolean tcpNoDelay)
        implements SocketOptions {

    static Connections of(Duration readTimeout) {
        return new Connections(
                Map.of(StandardSocketOptions.SO_KEEPALIVE, true, StandardSocketOptions.TCP_NODELAY, true),
                readTimeout,
                readTimeout,
                Optional.empty(),
                Optional.empty(),
                true,
                true,
                true);
    }

    @Override
    public void configureSocket(Socket socket) {
        SocketOptions.super.configureSocket(socket);
        try {
            socket.setSoTimeout(Math.toIntExact(readTimeout.toMillis()));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
