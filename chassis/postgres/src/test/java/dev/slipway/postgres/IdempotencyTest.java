package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Answer;
import dev.slipway.core.Idempotency.Claim;
import dev.slipway.core.Idempotency.Result;
import dev.slipway.core.Idempotency.WhenBusy;
import dev.slipway.core.Isolation;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Transactions;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.JavaProcess;
import dev.slipway.testkit.NoInfrastructure;
import dev.slipway.testkit.Once;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private static final int KEYS = Integer.getInteger("slipway.idempotency.keys", 200);
    private static final int CALLS_PER_KEY = 20;

    @AutoClose
    private final TestServer server = new TestServer();

    private final WidgetApp app = start();
    private final Database database = app.database();
    private final Once once = new Once(app.idempotency());

    private WidgetApp start() {
        var started = server.service("--postgres.acquire-timeout=30s");
        server.execute("create table effects (key text not null, answer text not null)");
        return started;
    }

    static Idempotency.Key key(String value) {
        return new Idempotency.Key("placeOrder", "customer-1", value);
    }

    private static Answer answer(String body) {
        return new Answer(body);
    }

    /// Leaves one line in the table for each time that it took effect.
    private static Supplier<Answer> effect(Database database, String key) {
        return () -> {
            var answer = UUID.randomUUID().toString();
            database.write(sql -> sql.update("insert into effects (key, answer) values (:key, :answer)")
                    .bind("key", key)
                    .bind("answer", answer)
                    .run());
            return answer(answer);
        };
    }

    private int effects() {
        return server.count("select count(*) from effects");
    }

    @Test
    void a_repetition_gets_the_first_answer_and_has_no_effect() {
        var first = once.once(key("k"), "f", effect(database, "k"));
        var second = once.once(key("k"), "f", effect(database, "k"));

        assertThat(first).isInstanceOf(Result.Worked.class);
        assertThat(second).isEqualTo(new Result.Repeated<>(answers().getFirst()));
        assertThat(effects()).isEqualTo(1);
    }

    private List<Answer> answers() {
        return database.read(sql -> sql.query("select answer from effects")
                .map(row -> answer(row.text("answer")))
                .list());
    }

    @Test
    void a_repetition_that_fails_by_what_the_first_changed_gets_the_answer_of_the_first() {
        server.execute("create unique index on effects (key)");
        once.once(key("k"), "f", effect(database, "k"));
        var first = new Result.Repeated<>(answers().getFirst());

        assertThat(once.once(key("k"), "f", effect(database, "k"))).isEqualTo(first);
        var claim = new Claim(key("k"), "f", Duration.ofHours(1), WhenBusy.REFUSE);
        assertThat(app.idempotency()
                        .<String, RuntimeException>once(
                                claim, Transactions.Mode.DEFAULT, refusal -> Optional.empty(), () -> "there is one"))
                .isEqualTo(first);
        assertThat(once.once(key("k"), "g", effect(database, "k"))).isEqualTo(new Result.Mismatch<>());
        assertThat(once.once(key("k"), "f", () -> {
                    throw new DatabaseException.OutcomeUnknown(null);
                }))
                .isEqualTo(first);
        assertThatThrownBy(() -> once.once(key("l"), "f", effect(database, "k")))
                .isInstanceOf(DatabaseException.ConstraintViolated.class);
    }

    @Test
    void a_refusal_is_told_only_if_it_is_known_that_the_work_was_not_done_before() {
        var table = "alter table slipway_idempotency rename to ";
        once.once(key("k"), "f", effect(database, "k"));
        server.execute(table + "hidden; create view slipway_idempotency as select * from hidden where 1 / 0 = 1");

        for (Supplier<Answer> work : List.<Supplier<Answer>>of(
                () -> {
                    throw new IllegalStateException("sold out");
                },
                () -> {
                    throw new DatabaseException.OutcomeUnknown(null);
                })) {
            assertThatThrownBy(() -> once.once(key("k"), "f", work))
                    .isInstanceOf(DatabaseException.class)
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        }
        var claim = new Claim(key("k"), "f", Duration.ofHours(1), WhenBusy.REFUSE);
        assertThatThrownBy(() -> app.idempotency()
                        .<String, InterruptedException>once(
                                claim, Transactions.Mode.DEFAULT, it -> Optional.empty(), () -> {
                                    throw new InterruptedException("the client has gone");
                                }))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void a_repetition_is_not_in_progress_while_another_one_works() throws Exception {
        once.once(key("k"), "f", effect(database, "k"));
        var inside = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = threads.submit(() -> once.once(key("k"), "f", () -> {
                inside.countDown();
                await(mayEnd);
                return effect(database, "k").get();
            }));
            inside.await();
            try {
                assertThat(once.once(key("k"), "f", effect(database, "k"))).isInstanceOf(Result.Repeated.class);
            } finally {
                mayEnd.countDown();
            }
            assertThat(slow.get()).isInstanceOf(Result.Repeated.class);
        }
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void what_is_refused_is_undone_and_its_key_is_free() {
        var claim = new Claim(key("k"), "f", Duration.ofHours(1), WhenBusy.REFUSE);
        var refused = app.idempotency()
                .<Answer, RuntimeException>once(
                        claim,
                        Transactions.Mode.DEFAULT,
                        result -> Optional.empty(),
                        () -> effect(database, "k").get());
        assertThat(refused).isInstanceOf(Result.Worked.class);
        assertThat(app.idempotency().find(claim)).isEmpty();
        assertThat(effects()).isZero();
    }

    @Test
    void the_same_key_for_another_request_is_a_mismatch() {
        once.once(key("k"), "f", effect(database, "k"));

        assertThat(once.once(key("k"), "g", effect(database, "k"))).isEqualTo(new Result.Mismatch<>());
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void another_caller_or_operation_has_keys_of_its_own() {
        var keys = List.of(
                new Idempotency.Key("a", "b", "k"),
                new Idempotency.Key("a", "x", "k"),
                new Idempotency.Key("x", "b", "k"),
                new Idempotency.Key("ab", "", "k"));

        for (var key : keys) {
            assertThat(once.once(key, "f", effect(database, "k"))).isInstanceOf(Result.Worked.class);
        }
    }

    @Test
    void work_that_fails_leaves_its_key_free() {
        assertThatThrownBy(() -> once.once(key("k"), "f", () -> {
                    assertThat(effect(database, "k").get().text()).isNotEmpty();
                    throw new DatabaseException.Busy();
                }))
                .isInstanceOf(ProblemException.class);

        assertThat(effects()).isZero();
        assertThat(once.once(key("k"), "f", effect(database, "k"))).isInstanceOf(Result.Worked.class);
    }

    @Test
    void an_answer_expires() {
        once.once(key("old"), "f", effect(database, "old"));
        server.clock.pass(Duration.ofHours(23));
        once.once(key("new"), "f", effect(database, "new"));
        assertThat(app.idempotency().sweep()).isZero();
        server.clock.pass(Duration.ofHours(1));
        assertThat(app.idempotency().sweep()).isEqualTo(1);

        assertThat(once.once(key("old"), "g", effect(database, "old"))).isInstanceOf(Result.Worked.class);
        server.clock.pass(Duration.ofHours(23));
        assertThat(app.idempotency().sweep()).isEqualTo(1);
        assertThat(once.once(key("old"), "g", effect(database, "old"))).isInstanceOf(Result.Repeated.class);
        assertThat(effects()).isEqualTo(3);
    }

    @Test
    void several_claims_share_a_transaction_and_each_can_be_undone_alone() {
        var granted = database.run(Transactions.Mode.DEFAULT, done -> true, () -> {
            var first = once.once(key("a"), "f", effect(database, "a"));
            assertThatThrownBy(() -> once.once(key("b"), "f", () -> {
                        assertThat(effect(database, "b").get().text()).isNotEmpty();
                        throw new IllegalStateException("the second message is broken");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            return List.of(first, once.once(key("c"), "f", effect(database, "c")));
        });
        assertThat(granted).allMatch(Result.Worked.class::isInstance);
        assertThat(effects()).isEqualTo(2);
        assertThat(once.once(key("a"), "f", effect(database, "a"))).isInstanceOf(Result.Repeated.class);
        assertThat(once.once(key("b"), "f", effect(database, "b"))).isInstanceOf(Result.Worked.class);
        assertThat(once.once(key("c"), "f", effect(database, "c"))).isInstanceOf(Result.Repeated.class);
    }

    @Test
    void of_two_who_compete_the_first_to_end_has_done_the_work() throws Exception {
        for (var fails : List.of(false, true)) {
            var key = key("contested-" + fails);
            var inside = new CountDownLatch(1);
            var mayEnd = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var slow = threads.submit(() -> once.once(key, "f", WhenBusy.COMPETE, () -> {
                    inside.countDown();
                    var answer = effect(database, key.value()).get();
                    await(mayEnd);
                    if (fails) {
                        throw new IllegalStateException("broken");
                    }
                    return answer;
                }));
                inside.await();
                try {
                    var quick = once.once(key, "f", WhenBusy.COMPETE, effect(database, key.value()));
                    assertThat(quick).isInstanceOf(Result.Worked.class);
                } finally {
                    mayEnd.countDown();
                }
                assertThat(slow.get()).isEqualTo(new Result.Repeated<>(answers().getLast()));
            }
        }
        assertThat(effects()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_key_that_was_used_after_the_snapshot_of_a_serializable_transaction_is_in_progress() throws Exception {
        var outer = new Transactions.Mode(Isolation.SERIALIZABLE, 1);
        var result = database.<Result<Answer>, Exception>run(outer, it -> true, () -> {
            assertThat(database.<Integer>read(sql -> sql.query("select 1 as one")
                            .map(row -> row.integer("one"))
                            .one()))
                    .isEqualTo(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                assertThat(threads.submit(() -> once.once(key("k"), "f", effect(database, "k")))
                                .get())
                        .isInstanceOf(Result.Worked.class);
            }
            return once.once(key("k"), "f", effect(database, "k"));
        });
        assertThat(result).isEqualTo(new Result.InProgress<>());
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void a_result_that_is_not_to_be_committed_undoes_its_work_and_comes_out() {
        var refused = database.<String, RuntimeException>run(Transactions.Mode.DEFAULT, "done"::equals, () -> {
            assertThat(effect(database, "k").get().text()).isNotEmpty();
            return "refused";
        });
        assertThat(refused).isEqualTo("refused");
        assertThat(effects()).isZero();
        assertThatThrownBy(() ->
                        database.<String, java.io.IOException>run(Transactions.Mode.DEFAULT, "done"::equals, () -> {
                            assertThat(effect(database, "k").get().text()).isNotEmpty();
                            throw new java.io.IOException("disk");
                        }))
                .isInstanceOf(java.io.IOException.class);
        assertThat(effects()).isZero();
    }

    @Test
    void each_key_has_one_effect_and_one_answer_although_sessions_are_killed_mid_call() throws Exception {
        assertThat(violations(once::once, true)).isEmpty();
    }

    @Test
    void the_check_notices_an_implementation_that_looks_before_it_locks() throws Exception {
        assertThat(violations(new LooksBeforeItLocks(database), false)).isNotEmpty();
    }

    /// A way to do work once.
    private interface Way {
        Result<Answer> once(Idempotency.Key key, String fingerprint, Supplier<Answer> work);
    }

    /// The planted bug: what was committed between the look and the lock is not seen.
    private record LooksBeforeItLocks(Database database) implements Way {
        @Override
        public Result<Answer> once(Idempotency.Key key, String fingerprint, Supplier<Answer> work) {
            return database.write(sql -> {
                var stored = sql.query("select answer from effects where key = :key limit 1")
                        .bind("key", key.value())
                        .map(row -> answer(row.text("answer")))
                        .findOne();
                var locked = sql.query("select pg_try_advisory_xact_lock(:lock) as locked")
                        .bind("lock", (long) key.value().hashCode())
                        .map(row -> row.bool("locked"))
                        .one();
                if (!locked) {
                    return new Result.InProgress<>();
                }
                return stored.<Result<Answer>>map(Result.Repeated::new)
                        .orElseGet(() -> new Result.Worked<>(work.get()));
            });
        }
    }

    /// Calls with each key at once from many threads, each until it has an answer, while sessions are killed; then
    /// compares what callers were told with the effects in the database.
    private List<String> violations(Way idempotency, boolean kill) throws Exception {
        var seed = Long.getLong("slipway.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var told = new ConcurrentHashMap<String, Map<String, Boolean>>();
        var calls = new ArrayList<Callable<Boolean>>();
        for (var n = 0; n < KEYS * CALLS_PER_KEY; n++) {
            var key = "key-" + n / CALLS_PER_KEY;
            calls.add(() -> {
                var answer = untilAnswered(idempotency, key).text();
                told.computeIfAbsent(key, it -> new ConcurrentHashMap<>()).put(answer, true);
                return true;
            });
        }
        var done = new CountDownLatch(1);
        var kills = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var killer = threads.submit(() -> kill ? killUntil(done, new Random(seed)) : 0);
            try {
                for (var call : threads.invokeAll(calls)) {
                    call.get();
                }
            } finally {
                done.countDown();
            }
            kills = killer.get();
        }
        System.out.println(kills + " sessions killed");
        if (kill) {
            assertThat(kills).isPositive();
        }
        var violations = new ArrayList<String>();
        try (var past = server.connect()) {
            for (var n = 0; n < KEYS; n++) {
                var key = "key-" + n;
                var effects = effects(past, key);
                var answers = told.getOrDefault(key, Map.of()).keySet();
                if (effects.size() != 1 || !answers.equals(Set.copyOf(effects))) {
                    violations.add(key + ": effects " + effects + ", answers " + answers);
                }
            }
        }
        return violations;
    }

    /// Past the pool: the last session that was killed may still lie there.
    private static List<String> effects(Connection past, String key) throws SQLException {
        try (var statement = past.prepareStatement("select answer from effects where key = ?")) {
            statement.setString(1, key);
            var effects = new ArrayList<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    effects.add(rows.getString(1));
                }
            }
            return effects;
        }
    }

    /// As a client that waits a moment before it tries again.
    private Answer untilAnswered(Way idempotency, String key) throws InterruptedException {
        var never = new CountDownLatch(1);
        while (true) {
            try {
                switch (idempotency.once(key(key), "f", effect(database, key))) {
                    case Result.Worked<Answer> done -> {
                        return done.result();
                    }
                    case Result.Repeated<Answer> repeated -> {
                        return repeated.answer();
                    }
                    case Result.InProgress<Answer> _ ->
                        assertThat(never.await(5, TimeUnit.MILLISECONDS)).isFalse();
                    case Result.Mismatch<Answer> _ -> throw new AssertionError("the request was the same");
                }
            } catch (DatabaseException.Unavailable | DatabaseException.OutcomeUnknown e) {
                assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
    }

    private int killUntil(CountDownLatch done, Random random) throws Exception {
        var kills = 0;
        try (var connection = server.connect();
                var statement = connection.prepareStatement("""
                        select pg_terminate_backend(pid) from (
                          select pid from pg_stat_activity
                          where datname = current_database() and application_name = 'widget-service'
                          offset ? limit 1) victim""")) {
            while (!done.await(random.nextInt(1, 30), TimeUnit.MILLISECONDS)) {
                statement.setInt(1, random.nextInt(16));
                try (var rows = statement.executeQuery()) {
                    kills += rows.next() ? 1 : 0;
                }
            }
        }
        return kills;
    }

    @Test
    void a_process_that_hangs_or_is_killed_mid_call_leaves_no_effect_and_holds_no_key() throws Exception {
        var child = JavaProcess.of(List.of(), Child.class, server.settings())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = child.inputReader()) {
            assertThat(output.lines().anyMatch("in the middle"::equals)).isTrue();
            assertThat(once.once(key("k"), "f", effect(database, "k"))).isInstanceOf(Result.Worked.class);
        } finally {
            child.destroyForcibly().waitFor();
        }

        Await.until("the session is gone", () -> server.count("""
                select count(*) from pg_stat_activity
                where datname = current_database() and state = 'idle in transaction'""") == 0);
        assertThat(effects()).isEqualTo(1);
    }

    /// A service in a process of its own that never ends its call.
    static final class Child {
        public static void main(String[] settings) throws InterruptedException {
            var app = WidgetApp.start(List.of(settings), Clock.systemUTC(), new NoInfrastructure())
                    .awaitReady();
            new Once(app.idempotency()).once(key("k"), "f", () -> {
                var answer = effect(app.database(), "k").get();
                System.out.println("in the middle");
                await(new CountDownLatch(1));
                return answer;
            });
        }
    }

    @Test
    void a_large_sweep_goes_in_small_steps() {
        server.execute("""
                insert into slipway_idempotency (id, fingerprint, answer, expires_at)
                select decode(md5(n::text), 'hex'), 'f', '', '2025-01-01' from generate_series(1, 2500) n""");

        assertThat(IntStream.range(0, 2).map(i -> app.idempotency().sweep()).sum())
                .isEqualTo(2_500);
    }
}
