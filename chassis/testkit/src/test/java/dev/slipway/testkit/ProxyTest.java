package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class ProxyTest {

    @Test
    void a_server_behind_it_goes_away_comes_back_and_falls_silent() throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var proxy = new Proxy(server.getLocalPort(), true)) {
            Thread.ofVirtual().start(() -> echo(server));
            try (var before = connect(proxy)) {
                assertThat(echoed(before)).isEqualTo(7);
                proxy.goAway();
                assertThat(before.getInputStream().read()).isEqualTo(-1);
            }
            try (var meanwhile = connect(proxy)) {
                assertThat(meanwhile.getInputStream().read()).isEqualTo(-1);
            }
            proxy.comeBack();
            try (var after = connect(proxy)) {
                assertThat(echoed(after)).isEqualTo(7);
                proxy.fallSilent();
                after.setSoTimeout(50);
                assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> echoed(after));
            }
        }
    }

    private static Socket connect(Proxy proxy) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static int echoed(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        return socket.getInputStream().read();
    }

    private static void echo(ServerSocket server) {
        while (!server.isClosed()) {
            try (var client = server.accept()) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
        }
    }
}
