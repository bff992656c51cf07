package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.close();
    }

    private Future<Boolean> waiter(Turns turns) throws InterruptedException {
        var before = turns.waiting();
        var result = threads.submit(turns::take);
        Await.until("it waits", () -> turns.waiting() == before + 1);
        return result;
    }

    @Test
    void turns_are_given_in_the_order_of_coming() throws Exception {
        try (var turns = new Turns("test", 1, LONG)) {
            assertThat(turns.take()).isTrue();
            var served = new CopyOnWriteArrayList<Integer>();
            var calls = new ArrayList<Future<Boolean>>();
            for (var i = 0; i < 5; i++) {
                var number = i;
                var before = turns.waiting();
                calls.add(threads.submit(() -> {
                    var taken = turns.take();
                    served.add(number);
                    turns.give();
                    return taken;
                }));
                Await.until("it waits", () -> turns.waiting() == before + 1);
            }
            assertThat(turns.tryTake()).isFalse();

            turns.give();
            turns.awaitAllFree(LONG);

            assertThat(calls).allSatisfy(call -> assertThat(call.get()).isTrue());
            assertThat(served).containsExactly(0, 1, 2, 3, 4);
            assertThat(turns.tryTake()).isTrue();
            turns.give();
        }
    }

    @Test
    void who_waits_too_long_is_refused_and_harms_no_other() throws Exception {
        try (var turns = new Turns("test", 1, Duration.ofMillis(50))) {
            assertThat(turns.take()).isTrue();

            assertThat(List.of(threads.submit(turns::take), threads.submit(turns::take)))
                    .allSatisfy(late -> assertThat(late.get()).isFalse());

            turns.give();
            assertThat(turns.take()).isTrue();
            turns.give();
            assertThat(turns.free()).isEqualTo(1);
        }
    }

    @Test
    void who_is_interrupted_leaves_the_queue() throws Exception {
        try (var turns = new Turns("test", 1, LONG)) {
            assertThat(turns.take()).isTrue();
            var first = waiter(turns);
            var second = waiter(turns);

            first.cancel(true);
            Await.until("it has left", () -> turns.waiting() == 1);
            turns.give();

            assertThat(second.get()).isTrue();
            turns.give();
            assertThat(turns.free()).isEqualTo(1);
        }
    }

    @Test
    void no_turn_is_lost_however_turns_and_interrupts_meet() throws Exception {
        try (var turns = new Turns("test", 2, Duration.ofMillis(1))) {
            var served = new AtomicInteger();
            var calls = IntStream.range(0, 10_000)
                    .mapToObj(i -> threads.submit(() -> {
                        if (turns.take()) {
                            served.incrementAndGet();
                            turns.give();
                        }
                        return true;
                    }))
                    .toList();
            for (var i = 0; i < calls.size(); i += 3) {
                calls.get(i).cancel(true);
            }
            threads.close();

            assertThat(served.get()).isPositive();
            assertThat(turns.waiting()).isZero();
            assertThat(turns.free()).isEqualTo(2);
        }
    }

    @Test
    void closing_refuses_who_waits_and_who_would_have_to() throws Exception {
        var turns = new Turns("test", 1, LONG);
        assertThat(turns.take()).isTrue();
        var waiter = waiter(turns);

        turns.close();

        assertThat(waiter.get()).isFalse();
        assertThat(turns.take()).isFalse();
        turns.give();
        assertThat(turns.take()).isTrue();
    }

    @Test
    void an_interrupted_thread_does_not_begin_to_wait() throws Exception {
        try (var turns = new Turns("test", 1, LONG)) {
            var call = threads.submit(() -> {
                Thread.currentThread().interrupt();
                return turns.take();
            });
            assertThatThrownBy(call::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(turns.free()).isEqualTo(1);
        }
    }
}
