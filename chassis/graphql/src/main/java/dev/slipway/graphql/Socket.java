package dev.slipway.graphql;

import dev.slipway.core.Time;
import dev.slipway.graphql.SocketReader.Message;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket. Messages come in on the connection's thread and may be sent by any; nothing is buffered: who sends waits
/// until the client takes it.
///
/// Helidon 4.3.1 has one of its own, which decodes text frame by frame, answers no ping, lets frames of any order pass
/// and keeps a buffer of the largest answer for each connection.
final class Socket implements ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(Socket.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PONG = 0x8a;
    private static final int LONGEST_REASON = 123;

    private final ConnectionContext connection;
    private final DataWriter out;
    private final SocketReader in;
    private final Time time;
    private final Listener listener;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable Thread reader;
    /// By [Time#nanoTime]; 0 for not yet.
    private volatile long toldToClose;
    private volatile boolean closing;

    /// Who is spoken to. All is called on the connection's thread.
    interface Listener {
        void opened(Socket socket);

        /// The client has sent something, were it a piece of a message.
        void heard(Socket socket);

        void received(String text);

        /// Called once, whatever ended the connection.
        void ended();
    }

    /// @param most bytes of a message
    Socket(ConnectionContext connection, int most, Time time, Listener listener) {
        this.connection = connection;
        this.out = connection.dataWriter();
        this.in = new SocketReader(connection.dataReader(), most);
        this.time = time;
        this.listener = listener;
    }

    PeerInfo peer() {
        return connection.remotePeer();
    }

    @Override
    public void handle(Limit limit) {
        reader = Thread.currentThread();
        try {
            listener.opened(this);
            while (take(next())) {
                listener.heard(this);
            }
        } catch (SocketReader.RefusedException e) {
            close(e.code(), e.reason());
            // A connection that ends with unread bytes is reset, and the client would never read why.
            in.forget();
        } finally {
            closing = true;
            listener.ended();
        }
    }

    private Message next() throws SocketReader.RefusedException {
        try {
            return in.next();
        } catch (RuntimeException e) {
            throw new CloseConnectionException("the client has gone", e);
        }
    }

    /// @return whether more may come
    private boolean take(Message message) {
        switch (message) {
            case Message.Text(var text) -> {
                if (!closing) {
                    receive(text);
                }
            }
            case Message.Ping(var data) -> writeUnlessClosing(PONG, data);
            case Message.Pong() -> {}
            case Message.Piece() -> {}
            case Message.Close(var code) -> {
                close(code, "");
                return false;
            }
        }
        return true;
    }

    private void receive(String text) {
        try {
            listener.received(text);
        } catch (RuntimeException e) {
            LOG.error("a message could not be handled", e);
            close(SocketCodes.INTERNAL, "Something went wrong here");
        }
    }

    /// Whether it was told to close so long ago that no answer will come; or that it never could be said, since the client
    /// takes nothing of what it was sent before.
    boolean isOverdue() {
        return isToldToClose() && time.nanoTime() - toldToClose > PATIENCE.toNanos();
    }

    boolean isToldToClose() {
        return toldToClose != 0;
    }

    /// Whether the server still reads from it: it says nothing of a client that went without a word.
    boolean isRead() {
        var thread = reader;
        return thread == null || thread.isAlive();
    }

    /// @param json as UTF-8
    /// @throws InterruptedException if it was closed, the client has gone, or the thread was interrupted while it waited
    void send(byte[] json) throws InterruptedException {
        writing.lockInterruptibly();
        try {
            if (closing) {
                throw new InterruptedException("the connection is closed");
            }
            write(TEXT, json);
        } catch (UncheckedIOException e) {
            var lost = new InterruptedException("the connection is lost");
            lost.initCause(e);
            throw lost;
        } finally {
            writing.unlock();
        }
    }

    /// Like [#send], for what nobody misses if the client has gone.
    void tell(byte[] json) {
        writeUnlessClosing(TEXT, json);
    }

    /// Says why, once, and nothing more; the client answers by closing, too.
    void close(int code, String reason) {
        if (!isToldToClose()) {
            toldToClose = time.nanoTime() | 1;
        }
        writing.lock();
        try {
            if (!closing) {
                closing = true;
                write(CLOSE, closeFrame(code, reason));
            }
        } catch (UncheckedIOException e) {
            cut();
        } finally {
            writing.unlock();
        }
    }

    private void writeUnlessClosing(int kind, byte[] payload) {
        writing.lock();
        try {
            if (!closing) {
                write(kind, payload);
            }
        } catch (UncheckedIOException e) {
            cut();
        } finally {
            writing.unlock();
        }
    }

    private void write(int kind, byte[] payload) {
        var length = payload.length;
        var frame = BufferData.create(length + 10);
        frame.write(kind);
        if (length < 126) {
            frame.write(length);
        } else if (length < 1 << 16) {
            frame.write(126);
            frame.writeInt16(length);
        } else {
            frame.write(127);
            frame.writeInt32(0);
            frame.writeInt32(length);
        }
        frame.write(payload);
        out.writeNow(frame);
    }

    /// A reason is cut to what fits, between two characters.
    static byte[] closeFrame(int code, String reason) {
        var frame = ByteBuffer.allocate(2 + LONGEST_REASON).putShort((short) code);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(reason), frame, true);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /// Interrupts a thread that may send, but never while it does: that would break the connection for all others.
    void interrupt(Thread sender) {
        writing.lock();
        try {
            sender.interrupt();
        } finally {
            writing.unlock();
        }
    }

    /// Ends the connection without a word, also under a thread that sends.
    void cut() {
        var thread = reader;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        cut();
    }
}
