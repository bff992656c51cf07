package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.core.Isolation;
import dev.slipway.core.Problem.Kind;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnitOfWorkTest {
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @AutoClose
    private final TestServer server = new TestServer();

    private final Database database =
            server.service("--postgres.pool-size=2", "--postgres.idle-size=1").database();

    @BeforeAll
    void start() {
        assertThat(names()).isZero();
    }

    @BeforeEach
    void empty() {
        server.execute("truncate widgets");
    }

    private int names() {
        return server.count("select count(*) from widgets");
    }

    private static int add(Sql sql, String name) {
        return sql.update("insert into widgets (id, name) values (:id, :name)")
                .bind("id", UUID.randomUUID())
                .bind("name", name)
                .run();
    }

    @Test
    void a_block_that_returns_is_committed() {
        assertThat(database.<Integer>write(sql -> add(sql, "a"))).isEqualTo(1);

        assertThat(names()).isEqualTo(1);
    }

    @Test
    void a_block_that_throws_is_rolled_back() {
        assertThatThrownBy(() -> database.write(sql -> {
                    add(sql, "a");
                    throw new Broken();
                }))
                .isInstanceOf(Broken.class);

        assertThat(names()).isZero();
    }

    @Test
    void an_inner_block_joins_the_outer_ones_transaction() {
        assertThatThrownBy(() -> database.write(outer -> {
                    database.write(inner -> add(inner, "a"));
                    assertThat(names()).isZero();
                    throw new Broken();
                }))
                .isInstanceOf(Broken.class);

        assertThat(names()).isZero();
    }

    @Test
    void a_read_inside_a_write_sees_what_was_written() {
        var seen = database.<Integer>write(sql -> {
            add(sql, "a");
            return database.read(it -> it.query("select count(*)::int as n from widgets")
                    .map(row -> row.integer("n"))
                    .one());
        });

        assertThat(seen).isEqualTo(1);
    }

    @Test
    void a_failed_inner_block_keeps_the_outer_one_from_being_committed() {
        assertThatThrownBy(() -> database.write(outer -> {
                    add(outer, "a");
                    assertThat(catchThrowable(() -> database.write(inner -> {
                                throw new Broken();
                            })))
                            .isInstanceOf(Broken.class);
                    return 0;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be committed")
                .hasCauseInstanceOf(Broken.class);

        assertThat(names()).isZero();
    }

    @Test
    void a_failed_nested_block_undoes_itself_alone() {
        database.write(outer -> {
            add(outer, "a");
            assertThat(catchThrowable(() -> database.write(Transaction.nested(), inner -> {
                        add(inner, "b");
                        return add(inner, "b");
                    })))
                    .isInstanceOf(DatabaseException.ConstraintViolated.class);
            return add(outer, "c");
        });

        assertThat(names()).isEqualTo(2);
    }

    @Test
    void a_nested_block_whose_inner_block_failed_undoes_itself_alone() {
        database.write(outer -> {
            add(outer, "a");
            assertThat(catchThrowable(() -> database.write(Transaction.nested(), nested -> {
                        add(nested, "b");
                        assertThat(catchThrowable(() -> database.write(joined -> {
                                    throw new Broken();
                                })))
                                .isInstanceOf(Broken.class);
                        return 0;
                    })))
                    .hasMessageContaining("cannot be committed");
            return 0;
        });

        assertThat(names()).isEqualTo(1);
    }

    @Test
    void a_nested_block_that_succeeds_is_committed_with_the_outer_one() {
        database.write(Transaction.nested(), outer -> database.write(Transaction.nested(), inner -> add(inner, "a")));

        assertThat(names()).isEqualTo(1);
    }

    @Test
    void mandatory_needs_a_transaction_and_never_refuses_one() {
        assertThatThrownBy(() -> database.write(Transaction.mandatory(), sql -> add(sql, "a")))
                .hasMessageContaining("there is no transaction");
        assertThatThrownBy(() -> database.write(outer -> database.write(Transaction.never(), sql -> add(sql, "a"))))
                .hasMessageContaining("there is a transaction");
        assertThat(names()).isZero();

        database.write(outer -> database.write(Transaction.mandatory(), sql -> add(sql, "a")));
        database.write(Transaction.never(), sql -> {
            add(sql, "b");
            assertThat(names()).isEqualTo(2);
            return 0;
        });
    }

    @Test
    void a_block_cannot_join_a_transaction_that_promises_less() {
        var serializable = Transaction.required().isolation(Isolation.SERIALIZABLE);

        assertThatThrownBy(() -> database.write(outer -> database.write(serializable, sql -> add(sql, "a"))))
                .hasMessageContaining("SERIALIZABLE cannot join a transaction that is READ COMMITTED");
        assertThatThrownBy(() -> database.read(serializable, outer -> database.write(sql -> add(sql, "a"))))
                .hasMessageContaining("cannot join a transaction that only reads");
        assertThat(database.<Integer>write(serializable, outer -> database.write(sql -> add(sql, "a"))))
                .isEqualTo(1);
    }

    @Test
    void a_read_in_a_transaction_sees_one_state() {
        var counted = database.read(Transaction.required().isolation(Isolation.REPEATABLE_READ), sql -> {
            var before = count(sql);
            server.execute("insert into widgets (id, name) values (gen_random_uuid(), 'a')");
            return count(sql) - before;
        });

        assertThat(counted).isZero();
    }

    @Test
    void a_write_hidden_in_a_read_is_refused() {
        var hidden = "with gone as (delete from widgets returning 1) select count(*)::int as n from gone";

        assertThatThrownBy(() -> database.read(sql -> sql.query("delete from widgets returning id")))
                .hasMessageContaining("Database.write");
        assertThatThrownBy(() -> database.read(
                        Transaction.required(),
                        sql -> sql.query(hidden).map(row -> row.integer("n")).one()))
                .isInstanceOf(DatabaseException.Failed.class);
    }

    private static int count(Queries sql) {
        return sql.query("select count(*)::int as n from widgets")
                .map(row -> row.integer("n"))
                .one();
    }

    @Test
    void a_block_that_lost_is_repeated_as_often_as_it_says() {
        server.execute("insert into widgets (id, name, amount) values (gen_random_uuid(), 'a', 0)");
        var runs = new AtomicInteger();

        database.write(
                Transaction.required().isolation(Isolation.REPEATABLE_READ).repeatable(3), sql -> {
                    count(sql);
                    if (runs.incrementAndGet() < 3) {
                        server.execute("update widgets set amount = amount + 1");
                    }
                    return sql.update("update widgets set amount = amount + 10").run();
                });

        assertThat(runs).hasValue(3);
        assertThat(server.count("select amount from widgets")).isEqualTo(12);
    }

    @Test
    void a_block_that_goes_on_losing_ends_in_contention() {
        server.execute("insert into widgets (id, name, amount) values (gen_random_uuid(), 'a', 0)");
        var runs = new AtomicInteger();

        assertThatThrownBy(() -> database.write(
                        Transaction.required().isolation(Isolation.SERIALIZABLE).repeatable(2), sql -> {
                            runs.incrementAndGet();
                            count(sql);
                            server.execute("update widgets set amount = amount + 1");
                            return sql.update("update widgets set amount = amount + 10")
                                    .run();
                        }))
                .isInstanceOfSatisfying(DatabaseException.Contention.class, e -> {
                    assertThat(e.problem().kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(e.problem().retryAfter()).isPresent();
                });
        assertThat(runs).hasValue(2);
    }

    @Test
    void a_statement_that_was_prepared_for_a_table_as_it_was_has_lost_against_the_migration() {
        var one = server.service("--postgres.prepare-threshold=1", "--postgres.pool-size=1", "--postgres.idle-size=1")
                .database();
        var insert =
                "insert into widgets (id, name) values (gen_random_uuid(), gen_random_uuid()::text) returning name";
        one.write(sql -> sql.query(insert).map(row -> row.text("name")).one());
        server.execute("alter table widgets alter column name type varchar(50)");

        assertThatThrownBy(() -> one.write(
                        sql -> sql.query(insert).map(row -> row.text("name")).one()))
                .isInstanceOf(DatabaseException.Contention.class);

        server.execute("alter table widgets alter column name type varchar(60)");
        assertThat(one.<String>write(
                        Transaction.required().repeatable(2),
                        sql -> sql.query(insert).map(row -> row.text("name")).one()))
                .hasSize(36);
    }

    @Test
    void of_two_blocks_in_a_deadlock_the_loser_is_repeated() throws Exception {
        server.execute("insert into widgets (id, name) values (gen_random_uuid(), 'a'), (gen_random_uuid(), 'b')");
        var bothHoldOne = new CyclicBarrier(2);
        var won = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = threads.submit(() -> increaseBoth("a", "b", bothHoldOne, won));
            var other = threads.submit(() -> increaseBoth("b", "a", bothHoldOne, won));
            assertThat(one.get() + other.get()).isEqualTo(3);
        }
        assertThat(server.count("select sum(amount) from widgets")).isEqualTo(4);
    }

    /// The loser's next run waits for the winner: it could take its row again before the winner's server process wakes.
    private int increaseBoth(String first, String second, CyclicBarrier bothHoldOne, CountDownLatch won) {
        var runs = new AtomicInteger();
        database.write(Transaction.required().repeatable(3), sql -> {
            try {
                if (runs.incrementAndGet() == 1) {
                    increase(sql, first);
                    bothHoldOne.await();
                } else {
                    won.await();
                    increase(sql, first);
                }
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
            return increase(sql, second);
        });
        won.countDown();
        return runs.get();
    }

    private static int increase(Sql sql, String name) {
        return sql.update("update widgets set amount = amount + 1 where name = :name")
                .bind("name", name)
                .run();
    }

    @Test
    void a_write_inside_a_read_needs_no_second_connection() throws Exception {
        try (var other = new TestServer()) {
            var single = other.service("--postgres.pool-size=1", "--postgres.idle-size=1")
                    .database();

            assertThat(single.<Integer>read(sql -> single.write(it -> add(it, "a"))))
                    .isEqualTo(1);
            assertThat(other.count("select count(*) from widgets")).isEqualTo(1);
        }
    }

    @Test
    void two_databases_do_not_share_a_unit_of_work() throws Exception {
        try (var other = new TestServer()) {
            var second = other.service().database();

            assertThatThrownBy(() -> database.write(outer -> {
                        second.write(inner -> add(inner, "kept"));
                        add(outer, "lost");
                        throw new Broken();
                    }))
                    .isInstanceOf(Broken.class);

            assertThat(names()).isZero();
            assertThat(other.count("select count(*) from widgets")).isEqualTo(1);
        }
    }

    @Test
    void sql_does_not_outlive_its_block() {
        var leaked = new AtomicReference<Sql>();
        database.write(sql -> {
            leaked.set(sql);
            return 0;
        });

        assertThatThrownBy(() -> add(leaked.get(), "a")).hasMessageContaining("has ended");
    }

    @Test
    void a_transaction_runs_at_least_once() {
        assertThatThrownBy(() -> Transaction.required().repeatable(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
