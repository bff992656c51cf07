package dev.slipway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.resilience.DependencySettings.CircuitBreaker;
import dev.slipway.resilience.FaultyServer.Condition;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Promise G11 in real time: many more callers than turns, and a dependency in trouble. The promise asks for 20 runs:
/// `-Dfaults.repetitions=20`, some two minutes.
class OverloadTest {
    private static final int CALLERS = 10_000;
    private static final int TURNS = 20;
    private static final double MOST_ATTEMPTS_PER_CALL = 1.2;
    private static final long MOST_BYTES_PER_CALLER = 16 << 10;
    private static final Duration QUARTER_SECOND = Duration.ofMillis(250);

    /// A policy whose times are short, so that many runs take little time.
    private static final TestPolicy HASTY = TestPolicy.defaults()
            .timeLimit(QUARTER_SECOND)
            .circuit(new CircuitBreaker(0.5, 50, 10, QUARTER_SECOND, 3))
            .bulkhead(TURNS, Duration.ofMillis(100));

    enum Trouble {
        TEN_SECONDS_SLOW(Condition.SLOW),
        FAILING_WHOLLY(Condition.FAILING),
        FLAPPING(Condition.WELL, Condition.SLOW, Condition.FAILING);

        private final List<Condition> conditions;

        Trouble(Condition... conditions) {
            this.conditions = List.of(conditions);
        }

        Condition any(Random random) {
            return conditions.get(random.nextInt(conditions.size()));
        }
    }

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final FaultyServer server;

    OverloadTest() throws IOException {
        System.out.println("seed " + seed);
        server = new FaultyServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static IntStream runs() {
        return IntStream.rangeClosed(1, Integer.getInteger("faults.repetitions", 2));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void overload_is_bounded_and_passes_whatever_the_trouble_is(int run) throws Exception {
        for (var trouble : Trouble.values()) {
            try (var provider = TestDependency.inRealTime(HASTY)) {
                passes(trouble, provider);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_usual_policy_recovers_within_thirty_seconds(Trouble trouble) throws Exception {
        try (var provider = TestDependency.inRealTime(TestPolicy.defaults().bulkhead(TURNS, Duration.ofMillis(100)))) {
            passes(trouble, provider);
        }
    }

    private void passes(Trouble trouble, TestDependency provider) throws InterruptedException {
        var requests = server.requests();
        var heap = liveHeap();
        var ended = new AtomicInteger();
        var allHere = new CountDownLatch(CALLERS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < CALLERS; i++) {
                if (i % 100 == 0) {
                    server.becomes(trouble.any(random));
                }
                threads.execute(() -> {
                    allHere.countDown();
                    provider.get().retrying().callOr(server::ask, failure -> "");
                    ended.incrementAndGet();
                });
            }
            allHere.await();
            assertThat(liveHeap() - heap).isLessThan(CALLERS * MOST_BYTES_PER_CALLER);
        }
        assertThat(ended).hasValue(CALLERS);
        assertThat((server.requests() - requests) / (double) CALLERS).isLessThanOrEqualTo(MOST_ATTEMPTS_PER_CALL);

        server.becomes(Condition.WELL);
        Await.until("it is used again", () -> tenAreAnswered(provider.get()));
        assertThat(provider.isIn("closed")).isTrue();
        Await.until("no turn is lost", () -> provider.gauge("dependency.bulkhead.free") == TURNS);
    }

    private boolean tenAreAnswered(Dependency provider) {
        for (var i = 0; i < 10; i++) {
            if (provider.callOr(server::ask, failure -> "").isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
