package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Transactions.Mode;
import dev.slipway.core.Transactions.Work;
import dev.slipway.testing.notes.NoteApp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Promise G9 from one end to the other: a POST with an `Idempotency-Key` has one effect and one answer, however often
/// it is sent and whatever dies meanwhile.
///
/// The oracle is the table itself, read past the service, against what the clients were told.
class IdempotentPostTest {
    private static final int ROUNDS = Integer.getInteger("slipway.idempotency.rounds", 4);
    private static final int MOST_ROUNDS = 100 + ROUNDS;
    private static final int ENOUGH_KILLS = 10;
    private static final int KEYS_OF_A_ROUND = 25;
    private static final int CALLS_WITH_A_KEY = 20;

    private final TestDatabase database = new TestDatabase();
    private final Random random = seeded();

    /// What clients were told, by key.
    private final Map<String, Set<String>> told = new ConcurrentHashMap<>();

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    private static Random seeded() {
        var seed = Long.getLong("slipway.seed", System.nanoTime());
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /// Patient, so that a busy machine looks like no outage.
    private TestService serviceOf(NoteApp app) {
        return database.useIn(TestService.of(app), database.setting("url"))
                .with("postgres.acquire-timeout", "30s")
                .with("postgres.connect-timeout", "30s")
                .start();
    }

    @Test
    void each_key_has_one_effect_and_one_answer_although_sessions_are_killed_mid_call() throws Exception {
        try (var service = serviceOf(new NoteApp())) {
            var round = 0;
            // A round may be over before the killer has met a session that works.
            for (var kills = 0; round < ROUNDS || (kills < ENOUGH_KILLS && round < MOST_ROUNDS); round++) {
                kills += play(List.of(service.as("ada", "writer")), "round-" + round, round >= ROUNDS / 2);
            }
            assertThat(round).isLessThan(MOST_ROUNDS);
            repeatInPeace(service.as("ada", "writer"));
            assertThat(told).hasSize(round * KEYS_OF_A_ROUND);
        }

        compareWithTheTable();
        assertThat(violations).isEmpty();
    }

    @Test
    void each_key_has_one_effect_and_one_answer_by_two_replicas() throws Exception {
        try (var one = serviceOf(new NoteApp());
                var other = serviceOf(new NoteApp())) {
            play(List.of(one.as("ada", "writer"), other.as("ada", "writer")), "replicas", false);
        }

        assertThat(told).hasSize(KEYS_OF_A_ROUND);
        compareWithTheTable();
        assertThat(violations).isEmpty();
    }

    @Test
    void the_check_notices_an_answer_that_is_stored_outside_the_transaction() throws Exception {
        try (var service = serviceOf(new NoteApp((assembly, postgres) -> new StoresAfterwards()))) {
            var ada = service.as("ada", "writer");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var call : threads.invokeAll(Collections.nCopies(2, () -> untilAnswered(ada, "planted", false)))) {
                    call.get();
                }
            }
        }

        compareWithTheTable();
        assertThat(violations).anyMatch(violation -> violation.contains(" rows"));
    }

    /// The planted bug: the answer is not part of the transaction, and nothing holds the key meanwhile.
    private static final class StoresAfterwards implements Idempotency {
        private final Map<Key, Answer> answers = new ConcurrentHashMap<>();
        private final CountDownLatch bothHaveLooked = new CountDownLatch(2);

        @Override
        public <T, X extends Exception> Result<T> once(
                Claim claim, Mode mode, Function<? super T, Optional<Answer>> answer, Work<T, X> work) throws X {
            var known = this.<T>find(claim);
            bothHaveLooked.countDown();
            try {
                bothHaveLooked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (known.isPresent()) {
                return known.get();
            }
            var result = work.run();
            answer.apply(result).ifPresent(text -> answers.put(claim.key(), text));
            return new Result.Worked<>(result);
        }

        @Override
        public <T> Optional<Result<T>> find(Claim claim) {
            return Optional.ofNullable(answers.get(claim.key())).map(Result.Repeated::new);
        }
    }

    /// Sends each key from many threads at once, each until it has an answer. Calls with one key stand side by side, so
    /// that they meet also in a service that lets in few at a time.
    ///
    /// @return how many sessions were killed
    private int play(List<TestClient> clients, String round, boolean kill) throws Exception {
        var calls = IntStream.range(0, KEYS_OF_A_ROUND * CALLS_WITH_A_KEY)
                .<Callable<Boolean>>mapToObj(n ->
                        () -> untilAnswered(clients.get(n % clients.size()), round + "-" + n / CALLS_WITH_A_KEY, kill))
                .toList();
        var done = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var killer = threads.submit(() -> kill ? killUntil(done) : 0);
            try {
                for (var call : threads.invokeAll(calls)) {
                    call.get();
                }
            } finally {
                done.countDown();
            }
            System.out.println(round + ": " + killer.get() + " sessions killed");
            return killer.get();
        }
    }

    private boolean untilAnswered(TestClient client, String key, boolean kill) throws InterruptedException {
        var never = new CountDownLatch(1);
        while (true) {
            var answered = told.containsKey(key);
            var reply = send(client, key);
            if (reply.status() == 201) {
                return told.computeIfAbsent(key, k -> ConcurrentHashMap.newKeySet())
                        .add(reply.body());
            }
            switch (reply.text("/code")) {
                case "idempotency-in-progress" -> {
                    if (answered) {
                        note(true, key + " was in progress after its answer: " + reply);
                        return false;
                    }
                }
                case "overloaded" -> note(false, "the crowd is larger than a cold service can bear");
                case "database-unavailable", "outcome-unknown" -> note(!kill, key + " had no database: " + reply);
                default -> {
                    note(true, key + " was refused: " + reply);
                    return false;
                }
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static TestReply send(TestClient client, String key) {
        return client.with("Idempotency-Key", key)
                .post("/v1/notes", "{\"name\": \"%s\", \"text\": \"of a test\"}".formatted(key));
    }

    private void note(boolean violated, String violation) {
        if (violated) {
            violations.add(violation);
        }
    }

    /// Ends one session after the other, in the middle of what it is doing.
    private int killUntil(CountDownLatch done) throws Exception {
        var kills = 0;
        try (var connection = database.connect();
                var statement = connection.prepareStatement("""
                        select pg_terminate_backend(pid) from (
                          select pid from pg_stat_activity
                          where datname = current_database() and application_name = 'note-service' and state <> 'idle'
                          order by random() limit 1) victim""")) {
            while (!done.await(random.nextInt(5, 40), TimeUnit.MILLISECONDS)) {
                try (var victims = statement.executeQuery()) {
                    kills += victims.next() ? 1 : 0;
                }
            }
        }
        return kills;
    }

    /// Sessions that were killed last may still be in the pool.
    private void repeatInPeace(TestClient client) throws InterruptedException {
        for (var key : told.keySet()) {
            untilAnswered(client, key, true);
        }
    }

    private void compareWithTheTable() throws Exception {
        var rows = new HashMap<String, List<String>>();
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var notes = statement.executeQuery("select name, id::text from notes")) {
            while (notes.next()) {
                rows.computeIfAbsent(notes.getString(1), name -> new ArrayList<>())
                        .add(notes.getString(2));
            }
        }
        note(!rows.keySet().equals(told.keySet()), "told of " + told.keySet() + ", but there are " + rows.keySet());
        told.forEach((key, answers) -> {
            var ids = rows.getOrDefault(key, List.of());
            note(ids.size() != 1, key + " has " + ids.size() + " rows");
            note(answers.size() != 1, key + " was answered " + answers);
            note(
                    !answers.stream().allMatch(answer -> ids.stream().anyMatch(answer::contains)),
                    key + " is another row");
        });
    }
}
