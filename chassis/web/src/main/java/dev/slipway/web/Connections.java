package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of a server; ends those whose client lets it wait for too long, for a request, for a piece of one or
/// until it has taken its answer, and the work for clients that have gone or whose deadline is over. Thread-safe.
///
/// Helidon 4.3.1 has no read time-out, and nobody reads while a request is worked on. A time-out of the socket would be a
/// timer for each read, which costs a virtual thread more than the read, and so would a reader beside each worker: one
/// thread looks at all connections now and then instead. What is due is ended within two of its rounds, which are a second
/// at most; that a client has gone is seen after two more, or later if very many clients wait.
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int ROUNDS_PER_LIMIT = 10;
    private static final Duration SHORTEST_ROUND = Duration.ofMillis(10);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);
    /// How long a stopping server waits for a piece of a body.
    private static final Duration LAST_PIECE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Map<SocketAddress, Connection> open = new ConcurrentHashMap<>();
    private final Time time;
    private final Duration idleTimeout;
    private final Duration round;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean stopping;

    /// @param idleTimeout how long a request may be awaited, until its headers are complete
    /// @param bodyTimeout how long its body may take, mostly
    Connections(Duration idleTimeout, Duration bodyTimeout, Time time) {
        this.time = time;
        this.idleTimeout = idleTimeout;
        var shorter = Math.min(idleTimeout.toNanos(), bodyTimeout.toNanos());
        this.round = Duration.ofNanos(
                Math.clamp(shorter / ROUNDS_PER_LIMIT, SHORTEST_ROUND.toNanos(), LONGEST_ROUND.toNanos()));
    }

    /// What the server does with each connection first.
    SocketOptions options() {
        return new Options(this::opened);
    }

    void start() {
        Thread.ofVirtual().name("connections").start(this::watch);
    }

    /// The client's, until it ends.
    Connection of(PeerInfo client) {
        var known = open.get(client.address());
        return known == null ? new Connection(null) : known;
    }

    /// How many are open.
    int count() {
        open.values().removeIf(Connection::isClosed);
        return open.size();
    }

    /// Takes no more of them. Ends those whose clients have sent nothing that is not answered, now and whenever one is
    /// answered; who has begun to send a body has to go on doing so.
    void endIntake() {
        stopping = true;
        open.values().forEach(Connection::endIntake);
    }

    /// Waits until no connection is another protocol's, at most until [#giveUp] or [#close].
    void awaitUpgraded() throws InterruptedException {
        while (open.values().stream().anyMatch(Connection::isUpgraded) && !time.await(closing, LOOK.toNanos())) {
            LOG.trace("other protocols end");
        }
    }

    /// Ends the work in flight, which its clients are told.
    void giveUp() {
        closing.countDown();
        open.values().forEach(Connection::giveUp);
    }

    /// Ends all connections, whatever happens on them.
    void cut() {
        open.values().forEach(Connection::abandon);
    }

    @Override
    public void close() {
        closing.countDown();
    }

    private void opened(Socket socket) {
        if (stopping) {
            throw new IllegalStateException("the server takes no more connections");
        }
        open.put(socket.getRemoteSocketAddress(), new Connection(socket));
    }

    private void watch() {
        var looking = Collections.<Connection>emptyIterator();
        try {
            while (!time.await(closing, round.toNanos())) {
                open.values().removeIf(Connection::isClosed);
                open.values().forEach(Connection::check);
                if (!looking.hasNext()) {
                    looking = open.values().iterator();
                }
                var enough = time.nanoTime() + round.toNanos();
                while (looking.hasNext() && time.nanoTime() - enough < 0) {
                    looking.next().look();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("connections are watched no longer");
        }
    }

    /// Of the client.
    private enum Expected {
        REQUEST,
        /// Of the body of a request.
        PIECE,
        /// Of the protocol that the connection was upgraded to.
        MESSAGE,
        /// That it takes the answer.
        READING,
        NOTHING
    }

    /// The state of one connection. Its own thread tells it; another calls [#check] and [#look].
    final class Connection {
        private final @Nullable Socket socket;
        private long due = time.nanoTime() + idleTimeout.toNanos();
        private Expected expected = Expected.REQUEST;
        private boolean cut;
        private @Nullable Cancellation work;
        private int roundsAtWork;
        private boolean bodyEnded;
        private boolean spoilt;

        Connection(@Nullable Socket socket) {
            this.socket = socket;
        }

        /// The server waits for a request from now on.
        void awaitsRequest() {
            awaits(Expected.REQUEST, time.nanoTime() + idleTimeout.toNanos());
            if (stopping) {
                endIntake();
            }
        }

        /// The server waits for a message of another protocol from now on.
        void awaitsMessage() {
            awaits(Expected.MESSAGE, time.nanoTime() + idleTimeout.toNanos());
        }

        /// The server waits for a piece of a body from now on.
        ///
        /// @param limit how long at the most
        void awaitsPiece(Duration limit) {
            awaits(Expected.PIECE, time.nanoTime() + limit.toNanos());
            if (stopping) {
                endIntake();
            }
        }

        /// The server waits from now on until the client has taken an answer.
        void awaitsReading() {
            awaits(Expected.READING, time.nanoTime() + idleTimeout.toNanos());
        }

        private synchronized void awaits(Expected what, long until) {
            due = until;
            expected = what;
        }

        /// The client waits from now on, or nobody.
        synchronized void works() {
            expected = Expected.NOTHING;
        }

        /// Work begins that ends early if the client goes or the deadline is over, until [#finishWork].
        ///
        /// @param hasBody whether the client may still send some of the request
        synchronized void beginWork(Cancellation cancellation, boolean hasBody) {
            work = cancellation;
            bodyEnded = !hasBody;
            roundsAtWork = 0;
        }

        synchronized void bodyEnded() {
            bodyEnded = true;
        }

        /// The client gets its answer. Waits for a look at it, which takes a millisecond.
        synchronized void finishWork(Cancellation cancellation) {
            work = null;
            cancellation.finish();
            awaitsReading();
            cutIf(spoilt);
        }

        /// Why the client is waited for no longer, if so.
        synchronized Optional<Problem> whyCut() {
            return cut ? Optional.of(stopping ? Failures.STOPPING : RestContext.TOO_SLOW) : Optional.empty();
        }

        private synchronized boolean isUpgraded() {
            return expected == Expected.MESSAGE && !isClosed();
        }

        /// Whether a byte was lost that may belong to a next request: there must be none.
        synchronized boolean isSpoilt() {
            return spoilt;
        }

        private boolean isSilent() {
            try {
                return socket != null && socket.getInputStream().available() == 0;
            } catch (IOException e) {
                LOG.debug("the connection was broken already", e);
                return true;
            }
        }

        private boolean isDue() {
            return time.nanoTime() - due > 0;
        }

        private boolean isClosed() {
            return socket == null || socket.isClosed();
        }

        /// A client whose next request has arrived, at least some of it, gets its answer.
        synchronized void endIntake() {
            if (expected == Expected.PIECE) {
                due = Math.min(due, time.nanoTime() + LAST_PIECE.toNanos());
            }
            cutIf(expected == Expected.REQUEST && isSilent());
        }

        private synchronized void giveUp() {
            if (work != null) {
                work.end(Failures.STOPPING);
            }
        }

        private void abandon() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                LOG.debug("the connection was broken already", e);
            }
        }

        /// Ends what is due.
        synchronized void check() {
            switch (expected) {
                case REQUEST -> cutIf(isDue() || (stopping && isSilent()));
                case PIECE, MESSAGE -> cutIf(isDue());
                case READING -> {
                    if (isDue()) {
                        abandon();
                    }
                }
                case NOTHING -> {
                    roundsAtWork++;
                    if (work != null && work.isOverdue()) {
                        work.end(Failures.LATE);
                    }
                }
            }
        }

        /// What is read from now on is the end, so that whoever reads can still answer.
        private void cutIf(boolean isOver) {
            if (!isOver || socket == null || cut) {
                return;
            }
            try {
                cut = true;
                socket.shutdownInput();
            } catch (IOException e) {
                LOG.debug("the connection was broken already", e);
            }
        }

        /// Ends the work of a client that has gone. Most work is done before it is seen a second time.
        synchronized void look() {
            if (expected == Expected.NOTHING && work != null && roundsAtWork > 1 && !work.hasEnded() && hasGone()) {
                work.end(Failures.GONE);
            }
        }

        /// The end of what a client sends can only be read. A client that sends its next request meanwhile is there: if it
        /// does so at this very moment a byte is lost, and the connection ends with the answer, as any may
        /// ([RFC 9112, 9.3.2](https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2)).
        private boolean hasGone() {
            if (socket == null || spoilt || cut || !bodyEnded) {
                return false;
            }
            try {
                if (socket.getInputStream().available() > 0) {
                    return false;
                }
                socket.setSoTimeout(1);
                try {
                    spoilt = socket.getInputStream().read() >= 0;
                    return !spoilt;
                } catch (SocketTimeoutException e) {
                    return false;
                } finally {
                    socket.setSoTimeout(0);
                }
            } catch (IOException e) {
                LOG.debug("the connection was broken", e);
                return true;
            }
        }
    }

    /// Tells of each connection.
    private record Options(
            Consumer<Socket> opened,
            Map<SocketOption<?>, Object> socketOptions,
            Duration connectTimeout,
            Duration readTimeout,
            Optional<Integer> socketReceiveBufferSize,
            Optional<Integer> socketSendBufferSize,
            boolean socketReuseAddress,
            boolean socketKeepAlive,
            boolean tcpNoDelay)
            implements SocketOptions {

        Options(Consumer<Socket> opened) {
            this(
                    opened,
                    Map.of(StandardSocketOptions.SO_KEEPALIVE, true, StandardSocketOptions.TCP_NODELAY, true),
                    Duration.ZERO,
                    Duration.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    true,
                    true);
        }

        @Override
        public void configureSocket(Socket socket) {
            SocketOptions.super.configureSocket(socket);
            opened.accept(socket);
        }
    }
}
