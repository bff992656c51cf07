package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Answer;
import dev.slipway.core.Idempotency.Claim;
import dev.slipway.core.Idempotency.Result;
import dev.slipway.core.Idempotency.WhenBusy;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.testing.notes.NoteApp;
import dev.slipway.testkit.Once;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What every implementation of [Idempotency] keeps.
@ParameterizedClass
@MethodSource("implementations")
class IdempotencyContractTest {
    private final Once idempotency;
    private final AtomicInteger effects = new AtomicInteger();

    /// Other tests' keys must not matter.
    private final Idempotency.Key key =
            new Idempotency.Key("placeOrder", "ada", UUID.randomUUID().toString());

    /// Closed when the tests of this implementation are over.
    record Implementation(String name, Once idempotency, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Implementation> implementations() {
        return Stream.<Supplier<Implementation>>of(
                        IdempotencyContractTest::inMemory, IdempotencyContractTest::onPostgres)
                .map(Supplier::get);
    }

    private static Implementation inMemory() {
        var kept = new InMemoryIdempotency(Clock.systemUTC());
        return new Implementation("in memory", new Once(kept), () -> {});
    }

    private static Implementation onPostgres() {
        var opened = new AtomicReference<Once>();
        var service = TestService.of(new NoteApp((assembly, database) -> {
            var idempotency = PostgresIdempotency.open(assembly, database);
            opened.set(new Once(idempotency));
            return idempotency;
        }));
        service.start();
        return new Implementation("on PostgreSQL", opened.get(), service::close);
    }

    IdempotencyContractTest(Implementation implementation) {
        this.idempotency = implementation.idempotency();
    }

    private Answer effect() {
        return new Answer("{\"effect\": " + effects.incrementAndGet() + "}");
    }

    @Test
    void the_first_call_does_the_work() {
        var outcome = idempotency.once(key, "f", this::effect);

        assertThat(outcome).isEqualTo(new Result.Worked<>(new Answer("{\"effect\": 1}")));
    }

    @Test
    void a_repetition_gets_the_first_answer() {
        idempotency.once(key, "f", this::effect);

        for (var repetition = 0; repetition < 3; repetition++) {
            assertThat(idempotency.once(key, "f", this::effect))
                    .isEqualTo(new Result.Repeated<>(new Answer("{\"effect\": 1}")));
        }
        assertThat(idempotency.once(key, "f", () -> {
                    throw new IllegalStateException("broken by what the first changed");
                }))
                .isEqualTo(new Result.Repeated<>(new Answer("{\"effect\": 1}")));
    }

    @Test
    void an_answer_may_be_empty() {
        var empty = new Answer("");
        idempotency.once(key, "f", () -> empty);

        assertThat(idempotency.once(key, "f", this::effect)).isEqualTo(new Result.Repeated<>(empty));
    }

    @Test
    void the_key_of_another_request_is_a_mismatch() {
        idempotency.once(key, "f", this::effect);

        assertThat(idempotency.once(key, "g", this::effect)).isEqualTo(new Result.Mismatch<>());
        assertThat(idempotency.once(key, "f", this::effect))
                .isEqualTo(new Result.Repeated<>(new Answer("{\"effect\": 1}")));
    }

    @Test
    void a_call_is_in_progress_until_its_work_ends() throws Exception {
        var inside = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> idempotency.once(key, "f", () -> {
                inside.countDown();
                await(mayEnd);
                return effect();
            }));
            inside.await();
            try {
                assertThat(idempotency.once(key, "f", this::effect)).isEqualTo(new Result.InProgress<>());
                assertThat(idempotency.once(key, "g", this::effect)).isEqualTo(new Result.InProgress<>());
                var claim = new Claim(key, "f", Duration.ofHours(1), WhenBusy.REFUSE);
                assertThat(idempotency.idempotency().find(claim)).contains(new Result.InProgress<>());
                assertThat(idempotency.once(another("key"), "f", this::effect)).isInstanceOf(Result.Worked.class);
            } finally {
                mayEnd.countDown();
            }
            assertThat(first.get()).isEqualTo(new Result.Worked<>(new Answer("{\"effect\": 2}")));
        }
        assertThat(idempotency.once(key, "f", this::effect))
                .isEqualTo(new Result.Repeated<>(new Answer("{\"effect\": 2}")));
    }

    @Test
    void work_that_throws_frees_the_key_and_its_exception_comes_out() {
        for (var failure : List.of(new IllegalStateException("broken"), new StackOverflowError("deep"))) {
            assertThatThrownBy(() -> idempotency.once(key, "f", () -> sneaky(failure)))
                    .isSameAs(failure);
        }

        assertThat(idempotency.once(key, "g", this::effect)).isInstanceOf(Result.Worked.class);
    }

    @Test
    void keys_of_other_callers_and_operations_are_other_keys() {
        idempotency.once(key, "f", this::effect);

        for (var other : List.of(
                new Idempotency.Key("cancelOrder", key.caller(), key.value()),
                new Idempotency.Key(key.operation(), "bob", key.value()),
                new Idempotency.Key("placeOrderada", "", key.value()),
                new Idempotency.Key(key.operation(), "ad", "a" + key.value()),
                another("key"))) {
            assertThat(idempotency.once(other, "f", this::effect))
                    .as("%s", other)
                    .isInstanceOf(Result.Worked.class);
        }
    }

    private Idempotency.Key another(String prefix) {
        return new Idempotency.Key(key.operation(), key.caller(), prefix + key.value());
    }

    private static Answer sneaky(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
