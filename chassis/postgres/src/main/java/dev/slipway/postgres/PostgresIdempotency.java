package dev.slipway.postgres;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Time;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the answers to idempotency keys in the service's own database, so that the work and its answer are one commit.
///
/// The claim is a row of the transaction itself, so it goes with a client, a service or a connection that dies. It costs
/// one statement, and keeping the answer one more, which travels with COMMIT.
public final class PostgresIdempotency implements Idempotency {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresIdempotency.class);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(5);
    private static final int ROWS_PER_SWEEP = 1_000;

    private static final String CLAIM = """
            %sinsert into slipway_idempotency as known (id, fingerprint, answer, expires_at)
            select :id, :fingerprint, '', :expires_at %s
            on conflict (id) do update
            set fingerprint = excluded.fingerprint, answer = excluded.answer, expires_at = excluded.expires_at
            where known.expires_at <= :now""";

    private final Database database;
    private final Time time;
    private final Clock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private PostgresIdempotency(Database database, Time time) {
        this.database = database;
        this.time = time;
        this.clock = time.clock();
    }

    /// Adds the table to the database and the sweeping of old answers to the service.
    public static PostgresIdempotency open(Assembly service, Database database) {
        var idempotency = new PostgresIdempotency(database, service.time());
        database.tables(service, "idempotency", PostgresIdempotency.class, "idempotency");
        service.component("idempotency", idempotency.new Sweeper());
        return idempotency;
    }

    @Override
    public Claim claim(Key key, String fingerprint, Duration keep, WhenBusy whenBusy) {
        var id = hash(key);
        try {
            return database.write(Transaction.mandatory(), sql -> {
                if (insert(sql, id, fingerprint, keep, whenBusy)) {
                    return new Claim.Granted();
                }
                return find(sql, id, clock.instant())
                        .<Claim>map(stored -> stored.fingerprint().equals(fingerprint)
                                ? new Claim.Repeated(stored.answer())
                                : new Claim.Mismatch())
                        .orElseGet(Claim.InProgress::new);
            });
        } catch (DatabaseException.Contention e) {
            // Only above READ COMMITTED: somebody did the work after this transaction's snapshot was taken.
            return new Claim.InProgress();
        }
    }

    /// Whether the row is this transaction's. If not, then it was committed by another one, or is being worked on: the
    /// look that follows is a statement of its own, which sees what was committed meanwhile.
    ///
    /// An insert alone waits for the transaction that inserted the same key before it. To be told at once, a claim tries
    /// a lock first, in the same statement; where it loses, nothing is inserted.
    private boolean insert(Sql sql, byte[] id, String fingerprint, Duration keep, WhenBusy whenBusy) {
        var now = clock.instant();
        var claim = sql.update(
                        switch (whenBusy) {
                            case WAIT -> CLAIM.formatted("", "");
                            case REFUSE ->
                                CLAIM.formatted(
                                        "with lock as materialized (select pg_try_advisory_xact_lock(:lock) as is_mine) ",
                                        "from lock where is_mine");
                        })
                .bind("id", id)
                .bind("fingerprint", fingerprint)
                .bind("now", now)
                .bind("expires_at", now.plus(keep));
        if (whenBusy == WhenBusy.REFUSE) {
            claim.bind("lock", ByteBuffer.wrap(id).getLong());
        }
        return claim.run() == 1;
    }

    private record Stored(String fingerprint, Answer answer) {}

    private static Optional<Stored> find(Sql sql, byte[] id, Instant now) {
        return sql.query("select fingerprint, answer from slipway_idempotency where id = :id and expires_at > :now")
                .bind("id", id)
                .bind("now", now)
                .map(row -> new Stored(row.text("fingerprint"), new Answer(row.text("answer"))))
                .findOne();
    }

    @Override
    public void keep(Key key, Answer answer) {
        database.last(sql -> sql.update("update slipway_idempotency set answer = :answer where id = :id")
                .bind("id", hash(key))
                .bind("answer", answer.text()));
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
                while (!time.await(stopping, BETWEEN_SWEEPS.toNanos())) {
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
