package dev.slipway.postgres;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import io.micrometer.core.instrument.Gauge;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what committed transactions announce with `select pg_notify('channel', 'payload')`: every copy of every service
/// that listens hears it, the one that announced it too.
///
/// It has one connection of its own, outside the pool, which must be a session: a pooler that hands out transactions
/// (PgBouncer) cannot stand in between. When it breaks, it is made again, and listeners are told that they may have
/// missed something: PostgreSQL keeps no announcement for who is away. So an announcement is a hint to look at the data,
/// never the data itself.
public final class Notifications {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /// A server that vanished without a word is found out after so long.
    private static final Duration BETWEEN_SIGNS_OF_LIFE = Duration.ofSeconds(10);

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final Database database;
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean listening;

    /// Is told what happens, by one thread; while it works, announcements wait in PostgreSQL.
    ///
    /// One that throws has missed what it was told: that is logged, and it is told so.
    public interface Listener {

        /// @param payloads in the order of their commits; those of one transaction without repetitions
        void announced(List<String> payloads);

        /// Announcements may have been lost before now. Told also when listening begins.
        void missed();
    }

    private Notifications(Database database) {
        this.database = database;
    }

    /// Adds listening to a service; it starts after the database.
    public static Notifications open(Assembly service, Database database) {
        var notifications = new Notifications(database);
        service.component("postgres-notifications", notifications.new Life());
        Gauge.builder("postgres.notifications.listening", notifications, it -> it.listening ? 1 : 0)
                .description("Whether announcements are heard")
                .register(database.meters());
        return notifications;
    }

    /// Listens to a channel, one listener for each; said before the service starts.
    ///
    /// @param channel in lower case, with underscores
    public Notifications on(String channel, Listener listener) {
        if (!channel.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("not the name of a channel: \"" + channel + "\"");
        }
        if (listeners.putIfAbsent(channel, listener) != null) {
            throw new IllegalArgumentException("two listeners for the channel " + channel);
        }
        return this;
    }

    private Optional<Connection> connect() {
        @Nullable Connection connection = null;
        try {
            connection = database.server().forNotifications();
            try (var statement = connection.createStatement()) {
                for (var channel : listeners.keySet()) {
                    statement.execute("listen " + channel);
                }
            }
            return Optional.of(connection);
        } catch (SQLException e) {
            LOG.debug("cannot listen yet", e);
            end(connection);
            return Optional.empty();
        }
    }

    private static void end(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("a connection that listened was broken when it was closed", e);
        }
    }

    /// Until the service stops; connects again as often as it takes.
    private void listen(Optional<Connection> first) {
        var connection = first;
        try {
            while (true) {
                if (connection.isPresent()) {
                    hear(connection.get());
                    connection = Optional.empty();
                }
                var backoff = database.backoff(closed, FIRST_WAIT, LONGEST_WAIT);
                while (connection.isEmpty()) {
                    backoff.await();
                    connection = connect();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("listening ends with the service");
        } finally {
            connection.ifPresent(Notifications::end);
        }
    }

    /// Until the connection breaks.
    private void hear(Connection connection) {
        try (connection) {
            listening = true;
            listeners.values().forEach(listener -> tell(listener, List.of()));
            var session = connection.unwrap(PGConnection.class);
            while (true) {
                var heard = session.getNotifications(Math.toIntExact(BETWEEN_SIGNS_OF_LIFE.toMillis()));
                if (closed.getCount() == 0) {
                    return;
                }
                if (heard == null || heard.length == 0) {
                    if (!connection.isValid(Math.toIntExact(SIGN_OF_LIFE.toSeconds()))) {
                        throw new SQLException("the server does not answer");
                    }
                    continue;
                }
                var byChannel = new LinkedHashMap<String, List<String>>();
                for (var one : heard) {
                    byChannel
                            .computeIfAbsent(one.getName(), name -> new ArrayList<>())
                            .add(one.getParameter());
                }
                byChannel.forEach((channel, payloads) -> {
                    var listener = listeners.get(channel);
                    if (listener != null) {
                        tell(listener, payloads);
                    }
                });
            }
        } catch (SQLException e) {
            if (closed.getCount() > 0) {
                LOG.warn("announcements of PostgreSQL are not heard until it is back: {}", e.getMessage());
            }
        } finally {
            listening = false;
        }
    }

    private static void tell(Listener listener, List<String> payloads) {
        try {
            if (payloads.isEmpty()) {
                listener.missed();
            } else {
                listener.announced(List.copyOf(payloads));
            }
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
            if (!payloads.isEmpty()) {
                tell(listener, List.of());
            }
        }
    }

    private final class Life implements Component {
        private @Nullable Thread thread;

        @Override
        public void start() {
            if (listeners.isEmpty()) {
                return;
            }
            var first = connect();
            thread = Thread.ofVirtual().name("postgres notifications").start(() -> listen(first));
        }

        /// The interrupt ends the read of the socket, and with it the connection.
        @Override
        public void close() {
            closed.countDown();
            var running = thread;
            if (running == null) {
                return;
            }
            running.interrupt();
            try {
                running.join(SIGN_OF_LIFE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
