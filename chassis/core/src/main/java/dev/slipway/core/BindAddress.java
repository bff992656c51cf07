package dev.slipway.core;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a server of a service listens.
///
/// @param prefix of its settings, for messages: `http.` stands for `http.host` and `http.port`
/// @param port 0 takes a free one
public record BindAddress(String prefix, InetAddress host, int port) {

    /// @param host as it is configured; else what the environment has by default
    /// @throws StartException if this machine does not know the host
    public static BindAddress of(String prefix, Optional<String> host, int port, Environment environment) {
        var name = host.orElse(environment.defaultHost());
        try {
            return new BindAddress(prefix, InetAddress.getByName(name), port);
        } catch (UnknownHostException e) {
            throw new StartException(prefix + "host: " + name + " is not known on this machine", e);
        }
    }

    public InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    /// Takes the port for a moment, as its server will.
    ///
    /// @throws StartException if it cannot be had
    public void checkFree() {
        try {
            hold().close();
        } catch (IOException e) {
            throw taken(String.valueOf(e.getMessage()), e);
        }
    }

    /// Has the port until the socket is closed.
    ///
    /// @throws IOException if it cannot be had
    ServerSocket hold() throws IOException {
        return new ServerSocket(port, 1, host);
    }

    /// Why the service does not start, and which setting to change.
    ///
    /// @param why the port cannot be had
    public StartException taken(String why, @Nullable Throwable cause) {
        return new StartException(
                "%sport: cannot listen on %s:%s: %s; choose another port or 0 for a free one"
                        .formatted(prefix, host.getHostAddress(), port, why),
                cause);
    }

    /// How clients on this machine reach the server.
    ///
    /// @param listening the port that it listens on
    public URI uri(String scheme, int listening) {
        return URI.create(scheme + "://" + shown() + ":" + listening);
    }

    private String shown() {
        if (host.isAnyLocalAddress() || host.isLoopbackAddress()) {
            return "localhost";
        }
        var text = host.getHostAddress();
        // Without the scope: it is this machine's own.
        return host instanceof Inet6Address ? "[" + text.replaceFirst("%.*", "") + "]" : text;
    }
}
