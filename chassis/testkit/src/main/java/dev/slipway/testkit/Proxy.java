package dev.slipway.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP proxy whose server can go away and come back, or fall silent.
public final class Proxy implements AutoCloseable {
    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean up;
    private volatile boolean silent;

    public Proxy(int target, boolean up) throws IOException {
        this.target = target;
        this.up = up;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public void goAway() throws IOException {
        up = false;
        for (var socket : open) {
            socket.close();
        }
    }

    /// From here on what is sent arrives nowhere, and all connections stay.
    public void fallSilent() {
        silent = true;
    }

    public void comeBack() {
        up = true;
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                if (!up) {
                    client.close();
                    continue;
                }
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            }
        } catch (IOException e) {
            up = false;
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            var piece = new byte[8 * 1024];
            for (var n = from.getInputStream().read(piece);
                    n >= 0;
                    n = from.getInputStream().read(piece)) {
                if (!silent) {
                    to.getOutputStream().write(piece, 0, n);
                }
            }
        } catch (IOException e) {
            open.remove(to);
        } finally {
            open.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        goAway();
    }
}
