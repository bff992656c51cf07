package dev.slipway.postgres;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Time;
import dev.slipway.core.Transactions.Mode;
import dev.slipway.core.Transactions.Work;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the answers to idempotency keys in the service's own database, so that the work and its answer are one commit.
///
/// It costs one statement, which travels with COMMIT: the row of the key is inserted at the end. Whoever comes second is
/// undone by it, and looks for the answer. So a new key, which is the rule, costs little, and a repetition costs the work
/// once more. What is not committed goes with a client, a service or a connection that dies.
public final class PostgresIdempotency implements Idempotency {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresIdempotency.class);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(5);
    private static final int ROWS_PER_SWEEP = 1_000;
    private static final String UNIQUE_ID = "slipway_idempotency_pkey";

    private final Database database;
    private final Time time;
    private final Clock clock;
    private final Set<Key> inProgress = ConcurrentHashMap.newKeySet();
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
    public <T, X extends Exception> Result<T> once(
            Claim claim, Mode mode, Function<? super T, Optional<Answer>> answer, Work<T, X> work) throws X {
        if (claim.whenBusy() == WhenBusy.COMPETE) {
            return attempt(claim, mode, answer, work);
        }
        if (!inProgress.add(claim.key())) {
            return this.<T>find(claim).orElseGet(Result.InProgress::new);
        }
        try {
            return attempt(claim, mode, answer, work);
        } finally {
            inProgress.remove(claim.key());
        }
    }

    /// What the work came to.
    private record Attempt<T>(T result, boolean isKept) {}

    private <T, X extends Exception> Result<T> attempt(
            Claim claim, Mode mode, Function<? super T, Optional<Answer>> answer, Work<T, X> work) throws X {
        try {
            var attempt = database.<Attempt<T>, X>run(mode, Attempt::isKept, () -> {
                var result = work.run();
                var kept = answer.apply(result);
                kept.ifPresent(text -> remember(claim, text));
                return new Attempt<>(result, kept.isPresent());
            });
            var worked = new Result.Worked<>(attempt.result());
            // A refusal may be due to what the first call changed.
            return attempt.isKept() ? worked : this.<T>kept(claim).orElse(worked);
        } catch (DatabaseException.Busy | DatabaseException.Unavailable e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                throw e;
            }
            var known = this.<T>findAfter(e, claim);
            if (known.isPresent()) {
                return known.get();
            }
            throw e;
        }
    }

    private void remember(Claim claim, Answer answer) {
        database.last(sql -> sql.update("""
                        insert into slipway_idempotency (id, fingerprint, answer, expires_at)
                        values (:id, :fingerprint, :answer, :expires_at)""")
                .bind("id", hash(claim.key()))
                .bind("fingerprint", claim.fingerprint())
                .bind("answer", answer.text())
                .bind("expires_at", clock.instant().plus(claim.keep())));
    }

    /// The failure may be due to what the first call changed: where that cannot be found out, it must not be told.
    private <T> Optional<Result<T>> findAfter(Exception failure, Claim claim) {
        try {
            var known = this.<T>kept(claim);
            // Only as a part of another transaction, above READ COMMITTED: it is there, but not in the snapshot.
            return known.isEmpty() && isTaken(failure) ? Optional.of(new Result.InProgress<>()) : known;
        } catch (DatabaseException e) {
            if (failure instanceof DatabaseException.OutcomeUnknown unknown) {
                unknown.addSuppressed(e);
                throw unknown;
            }
            e.addSuppressed(failure);
            throw e;
        }
    }

    private static boolean isTaken(Exception failure) {
        return failure instanceof DatabaseException.ConstraintViolated violated
                && violated.constraint().equals(UNIQUE_ID);
    }

    /// What is in progress may itself be a repetition.
    @Override
    public <T> Optional<Result<T>> find(Claim claim) {
        var isInProgress = inProgress.contains(claim.key());
        return this.<T>kept(claim).or(() -> isInProgress ? Optional.of(new Result.InProgress<>()) : Optional.empty());
    }

    private <T> Optional<Result<T>> kept(Claim claim) {
        return database.read(sql -> sql.query("select fingerprint, answer from slipway_idempotency where id = :id")
                .bind("id", hash(claim.key()))
                .<Result<T>>map(row -> row.text("fingerprint").equals(claim.fingerprint())
                        ? new Result.Repeated<>(new Answer(row.text("answer")))
                        : new Result.Mismatch<>())
                .findOne());
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
            var text = "%s:%s%s:%s%s"
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
