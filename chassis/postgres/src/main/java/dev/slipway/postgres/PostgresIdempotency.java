package dev.slipway.postgres;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the answers to idempotency keys in the service's own database, so that the work and its answer are one commit.
///
/// The work joins the transaction and holds its connection: it must not call other services. A key that is being worked
/// on is locked by its transaction, so the lock goes with a client, a service or a connection that dies.
public final class PostgresIdempotency implements Idempotency {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresIdempotency.class);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(5);
    private static final int ROWS_PER_SWEEP = 1_000;

    private final Database database;
    private final Clock clock;
    private final Duration keep;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private PostgresIdempotency(Database database, Clock clock, Duration keep) {
        this.database = database;
        this.clock = clock;
        this.keep = keep;
    }

    /// Adds the table to the database and the sweeping of old answers to the service.
    ///
    /// @param keep how long an answer is kept; the key is free afterwards
    public static PostgresIdempotency open(Assembly service, Database database, Duration keep) {
        var idempotency = new PostgresIdempotency(database, service.clock(), keep);
        database.tables(service, "idempotency", PostgresIdempotency.class, "idempotency");
        service.component("idempotency", idempotency.new Sweeper());
        return idempotency;
    }

    /// @throws IllegalStateException in a running transaction: the answer must be committed before it is given
    @Override
    public Outcome once(Key key, String fingerprint, Supplier<Answer> work) {
        if (database.isInTransaction()) {
            throw new IllegalStateException("an idempotent call is a transaction of its own");
        }
        var id = hash(key);
        return database.write(sql -> {
            // The lock and the look are two statements: the look must see what was committed before the lock was had.
            var locked = tryLock(sql, id);
            var stored = find(sql, id);
            if (stored.isPresent()) {
                return stored.get().fingerprint().equals(fingerprint)
                        ? new Outcome.Repeated(stored.get().answer())
                        : new Outcome.Mismatch();
            }
            if (!locked) {
                return new Outcome.InProgress();
            }
            var answer = work.get();
            store(sql, id, fingerprint, answer);
            return new Outcome.Done(answer);
        });
    }

    private record Stored(String fingerprint, Answer answer) {}

    private Optional<Stored> find(Sql sql, byte[] id) {
        return sql.query("""
                        select fingerprint, answer from slipway_idempotency
                        where id = :id and expires_at > :now""")
                .bind("id", id)
                .bind("now", clock.instant())
                .map(row -> new Stored(row.text("fingerprint"), new Answer(row.text("answer"))))
                .findOne();
    }

    private static boolean tryLock(Sql sql, byte[] id) {
        return sql.query("select pg_try_advisory_xact_lock(:lock) as locked")
                .bind("lock", ByteBuffer.wrap(id).getLong())
                .map(row -> row.bool("locked"))
                .one();
    }

    private void store(Sql sql, byte[] id, String fingerprint, Answer answer) {
        sql.update("""
                        insert into slipway_idempotency (id, fingerprint, answer, expires_at)
                        values (:id, :fingerprint, :answer, :expires_at)
                        on conflict (id) do update
                        set fingerprint = excluded.fingerprint, answer = excluded.answer,
                            expires_at = excluded.expires_at""")
                .bind("id", id)
                .bind("fingerprint", fingerprint)
                .bind("answer", answer.text())
                .bind("expires_at", clock.instant().plus(keep))
                .run();
    }

    /// Deletes expired answers, a bounded number at a time.
    ///
    /// @return how many
    int sweep() {
        var all = 0;
        while (true) {
            var swept = database.write(sql -> sql.update("""
                            delete from slipway_idempotency where id in (
                              select id from slipway_idempotency where expires_at <= :now
                              order by expires_at limit :most for update skip locked)""")
                    .bind("now", clock.instant())
                    .bind("most", ROWS_PER_SWEEP)
                    .run());
            all += swept;
            if (swept < ROWS_PER_SWEEP || stopping.getCount() == 0) {
                return all;
            }
        }
    }

    /// The parts are joined with their lengths, so that no two keys read alike.
    private static byte[] hash(Key key) {
        try {
            var text = "%d:%s%d:%s%s"
                    .formatted(
                            key.operation().length(),
                            key.operation(),
                            key.caller().length(),
                            key.caller(),
                            key.value());
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private final class Sweeper implements Component {
        private @Nullable Thread thread;

        @Override
        public void start() {
            thread = Thread.ofVirtual().name("idempotency sweep").start(this::run);
        }

        private void run() {
            try {
                while (!stopping.await(BETWEEN_SWEEPS.toNanos(), TimeUnit.NANOSECONDS)) {
                    try {
                        sweep();
                    } catch (DatabaseException e) {
                        LOG.warn("old idempotency keys could not be deleted, will try again: {}", e.getMessage());
                    }
                }
            } catch (InterruptedException e) {
                LOG.debug("the sweep ends");
            }
        }

        /// The database waits for the statement in flight.
        @Override
        public void endIntake() {
            stopping.countDown();
        }

        @Override
        public void close() {
            stopping.countDown();
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
