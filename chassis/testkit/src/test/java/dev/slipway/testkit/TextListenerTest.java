package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TextListenerTest {
    private final List<String> heard = new ArrayList<>();
    private final AtomicLong requested = new AtomicLong();
    private final TextListener listener = new TextListener(heard::add);
    private final WebSocket socket = (WebSocket) java.lang.reflect.Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {WebSocket.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("request");
                requested.addAndGet((long) arguments[0]);
                return null;
            });

    @Test
    void texts_in_pieces_are_heard_whole() {
        listener.onOpen(socket);
        listener.onText(socket, "on", false);
        listener.onText(socket, "e", true);
        listener.onText(socket, "two", true);

        assertThat(requested).hasValue(Long.MAX_VALUE);
        assertThat(heard).containsExactly("one", "two");
        assertThat(listener.closed()).isNotDone();
    }

    @Test
    void the_end_is_its_code_or_its_failure() {
        listener.onClose(socket, 1001, "stopping");
        assertThat(listener.closed()).isCompletedWithValue(1001);

        var torn = new TextListener(heard::add);
        torn.onError(socket, new IOException("torn"));
        assertThat(torn.closed()).isCompletedExceptionally();
    }
}
