package dev.slipway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.Assembly;
import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Isolation;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.StartException;
import dev.slipway.core.Transactions;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.Policy;
import dev.slipway.security.RateLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The chain as the edge of any protocol meets it.
@Timeout(60)
class OperationsTest {
    private static final Parameter<UUID> ID = Parameter.uuid("id", "Which thing.");
    private static final Caller ANN = caller("ann");
    private static final UUID THING = new UUID(1, 2);

    record Input(@Min(1) int size) {}

    record Word(@Size(min = 2, max = 3) String text) {}

    record Thing(UUID id, int size, Instant at, Optional<String> note) {}

    record Sections(LimitSettings limits) {}

    private final List<String> asked = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private @Nullable RunningService service;

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static Caller caller(String subject) {
        return new Caller.Authenticated(subject, Optional.empty(), Set.of(), Set.of());
    }

    private static final class Shop extends ServiceDefinition<Sections> {
        private final AtomicReference<Operations> opened = new AtomicReference<>();
        private final boolean keeps;
        private final List<Description<?, ?>> offered;

        Shop(boolean keeps, List<Description<?, ?>> offered) {
            super("shop", Sections.class);
            this.keeps = keeps;
            this.offered = offered;
        }

        @Override
        public void assemble(Assembly assembly, Sections settings) {
            var limits = RateLimits.open(assembly, settings.limits(), new SimpleMeterRegistry());
            var operations = Operations.open(
                            assembly, tokens -> tokens.isEmpty() ? new Caller.Anonymous() : caller(tokens.getFirst()))
                    .limits(limits);
            if (keeps) {
                var kept = new InMemoryIdempotency(assembly.clock());
                operations.transactions(kept).idempotency(kept, Duration.ofHours(1));
            }
            offered.forEach(operations::check);
            opened.set(operations);
        }
    }

    private Operations operations(String... arguments) throws InterruptedException {
        return start(true, List.of(), arguments);
    }

    private Operations start(boolean keeps, List<Description<?, ?>> offered, String... arguments)
            throws InterruptedException {
        var definition = new Shop(keeps, offered);
        var all = new ArrayList<>(List.of("--service.environment=test", "--service.management-port=0"));
        all.addAll(List.of(arguments));
        service = Slipway.start(definition, SettingsSources.ofArguments(definition, all));
        service.awaitReady();
        return definition.opened.get();
    }

    private FakeRequest keyed(String key) {
        var request = new FakeRequest();
        request.key = Optional.of(key);
        return request;
    }

    private final class FakeRequest implements Request<Input> {
        private Caller caller = ANN;
        private String id = THING.toString();
        private Input input = new Input(3);
        private Expected expected = new Expected.Unsaid();
        private Optional<String> key = Optional.empty();
        private RateLimits.@Nullable Budget budget;

        @Override
        public String parameter(String name) {
            return id;
        }

        @Override
        public Input input() {
            asked.add("input");
            return input;
        }

        @Override
        public Expected expected() {
            asked.add("expected");
            return expected;
        }

        @Override
        public Optional<String> idempotencyKey() {
            asked.add("key");
            return key;
        }

        @Override
        public void budget(RateLimits.Budget left) {
            budget = left;
        }
    }

    private static <T> T as(Operations operations, FakeRequest request, ScopedValue.CallableOp<T, Exception> work)
            throws Exception {
        var context = operations
                .contexts()
                .ofRequest("test", null, null, null, Duration.ofSeconds(5))
                .withCaller(request.caller);
        return ScopedValue.where(CallContext.CURRENT, context).call(work);
    }

    private static <O> Outcome<O> perform(Operations operations, Operation<Input, O> operation, FakeRequest request)
            throws Exception {
        return as(operations, request, () -> operations.perform(operation, request));
    }

    private Operation.Builder<Input, Thing> change() {
        return Operation.named("changeThing", "Changes a thing.")
                .on(ID)
                .input(Input.class)
                .output(Thing.class)
                .policy(Policy.authenticated());
    }

    private Outcome<Thing> thing(Call<Input> call) {
        done.incrementAndGet();
        return Outcome.done(new Thing(
                        call.get(ID),
                        call.input().size(),
                        Instant.parse("2026-01-02T03:04:05.678901234Z"),
                        Optional.empty()))
                .version(call.expectedVersion().orElse(0) + 1);
    }

    private static String code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        var code = new AtomicReference<>("");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> code.set(e.problem().code()));
        return code.get();
    }

    @Test
    void nothing_is_read_for_who_may_not_call() throws Exception {
        var operations = operations();
        var request = new FakeRequest();
        request.caller = new Caller.Anonymous();
        var operation = change().conditional().idempotent().handle(this::thing);
        assertThat(code(() -> perform(operations, operation, request))).isEqualTo("token-required");
        assertThat(asked).isEmpty();
        assertThat(done).hasValue(0);
    }

    @Test
    void only_what_the_operation_needs_is_asked_for() throws Exception {
        var operations = operations();
        var outcome = perform(operations, change().handle(this::thing), new FakeRequest());
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        assertThat(asked).containsExactly("key", "input");
    }

    @Test
    void a_value_that_cannot_be_a_parameter_is_not_found() throws Exception {
        var operations = operations();
        var request = new FakeRequest();
        request.id = "1-1-1-1-1";
        assertThat(code(() -> perform(operations, change().handle(this::thing), request)))
                .isEqualTo("not-found");
    }

    @Test
    void a_conditional_operation_wants_to_know_the_version() throws Exception {
        var operations = operations();
        var request = new FakeRequest();
        var operation = change().conditional().handle(this::thing);
        assertThat(code(() -> perform(operations, operation, request))).isEqualTo("version-required");
        request.expected = new Expected.Any();
        assertThat(version(perform(operations, operation, request))).isEqualTo(1);
        request.expected = new Expected.Exactly(7);
        assertThat(version(perform(operations, operation, request))).isEqualTo(8);
    }

    private static long version(Outcome<Thing> outcome) {
        return switch (outcome) {
            case Outcome.Done<Thing> thing -> thing.version().orElseThrow();
            case Outcome.Refused<Thing> refused -> throw refused.problem().asException();
        };
    }

    @Test
    void input_is_checked_before_the_work() throws Exception {
        var operations = operations();
        var request = new FakeRequest();
        request.input = new Input(0);
        assertThat(code(() -> perform(operations, change().handle(this::thing), request)))
                .isEqualTo("invalid-input");
        assertThat(done).hasValue(0);
    }

    @Test
    void a_length_is_one_of_code_points() {
        var rocket = "\ud83d\ude80";
        try (var validation = new Validation()) {
            assertThat(validation.check(new Word(rocket.repeat(3))).text()).hasSize(6);
            for (var text : List.of(rocket, rocket.repeat(4))) {
                assertThat(code(() -> validation.check(new Word(text)))).isEqualTo("invalid-input");
            }
        }
    }

    @Test
    void what_is_wrong_is_said_in_one_language_wherever_the_service_runs() {
        var here = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try (var validation = new Validation()) {
            assertThatThrownBy(() -> validation.check(new Word("x")))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().fields().getFirst().message())
                                    .isEqualTo("size must be between 2 and 3"));
        } finally {
            Locale.setDefault(here);
        }
    }

    @Test
    void a_key_does_the_work_once_whatever_the_outcome_looks_like() throws Exception {
        var operations = operations();
        var request = keyed("k");
        var operation = change().idempotent().handle(this::thing);
        var first = perform(operations, operation, request);
        assertThat(perform(operations, operation, request)).isEqualTo(first);
        assertThat(done).hasValue(1);
        request.input = new Input(4);
        assertThat(perform(operations, operation, request))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("idempotency-mismatch"));
        request.id = new UUID(1, 3).toString();
        request.input = new Input(3);
        assertThat(perform(operations, operation, request)).isInstanceOf(Outcome.Refused.class);
        request.caller = caller("bob");
        assertThat(perform(operations, operation, request)).isInstanceOf(Outcome.Done.class);
        assertThat(done).hasValue(2);
    }

    @Test
    void an_unknown_outcome_is_worth_a_repetition_only_with_a_key() throws Exception {
        var operations = operations();
        var request = new FakeRequest();
        var operation = change().idempotent().handle(call -> {
            throw new ProblemException(Problem.outcomeUnknown(), new IllegalStateException("connection lost"));
        });

        assertThat(problem(() -> perform(operations, operation, request)))
                .returns("outcome-unknown", Problem::code)
                .returns(Problem.Retry.AFTER_CHANGE, Problem::retry);
        request.key = Optional.of("k");
        assertThat(problem(() -> perform(operations, operation, request)))
                .returns("outcome-unknown", Problem::code)
                .returns(Problem.Retry.LATER, Problem::retry);
    }

    private static Problem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        return catchThrowableOfType(ProblemException.class, work).problem();
    }

    enum Colour {
        RED
    }

    record Painted(Colour colour, int coats) {}

    @Test
    void an_answer_of_another_version_is_read_or_said_to_be_outdated() throws Exception {
        var operations = operations();
        var request = keyed("k");
        perform(operations, painting(Map.class, Map.of("colour", "RED", "gone", 1)), request);
        assertThat(perform(operations, painting(Painted.class, new Painted(Colour.RED, 9)), request))
                .isEqualTo(Outcome.done(new Painted(Colour.RED, 0)));

        request.key = Optional.of("l");
        perform(operations, painting(Map.class, Map.of("colour", "BLUE")), request);
        assertThat(perform(operations, painting(Painted.class, new Painted(Colour.RED, 9)), request))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem())
                                .returns("idempotency-outdated", Problem::code)
                                .returns(Problem.Retry.AFTER_CHANGE, Problem::retry));
    }

    private static <O> Operation<Input, O> painting(Class<O> type, O answer) {
        return Operation.named("paint", "Paints.")
                .input(Input.class)
                .output(type)
                .policy(Policy.authenticated())
                .idempotent()
                .handle(call -> Outcome.done(answer));
    }

    record Gift(String name, Optional<Integer> amount) {}

    record Reordered(Optional<Integer> amount, String name) {}

    record Grown(String name, Optional<Integer> amount, List<String> tags, Map<String, String> labels) {}

    @Test
    void the_same_input_to_another_version_has_the_same_fingerprint() throws Exception {
        var operations = operations();
        var gift = fingerprint(operations, new Gift("book", Optional.of(5)));

        assertThat(fingerprint(operations, new Reordered(Optional.of(5), "book")))
                .isEqualTo(gift);
        assertThat(fingerprint(operations, new Grown("book", Optional.of(5), List.of(), Map.of())))
                .isEqualTo(gift);
        assertThat(fingerprint(operations, new Grown("book", Optional.of(5), List.of("new"), Map.of())))
                .isNotEqualTo(gift);
        assertThat(fingerprint(operations, new Gift("", Optional.of(5)))).isNotEqualTo(gift);
        assertThat(fingerprint(operations, new Gift("book", Optional.of(0))))
                .isNotEqualTo(fingerprint(operations, new Gift("book", Optional.empty())));
    }

    private static String fingerprint(Operations operations, Record input) {
        var context = operations.contexts().ofRequest("test", null, null, null, Duration.ofSeconds(5));
        var kept = new KeptOutcomes(new InMemoryIdempotency(Clock.systemUTC()), Duration.ofHours(1), operations.json());
        return kept.fingerprint(new Call<>(input, context, Map.of(), OptionalLong.empty()));
    }

    @Test
    void an_answer_that_is_too_large_to_be_kept_fails_and_leaves_the_key_free() throws Exception {
        var operations = operations();
        var request = keyed("k");
        var letters = new AtomicInteger(4_000_000);
        var operation = Operation.named("copy", "Copies.")
                .on(ID)
                .input(Input.class)
                .output(String.class)
                .policy(Policy.authenticated())
                .idempotent()
                .handle(call -> Outcome.done("x".repeat(letters.get())));

        assertThatThrownBy(() -> perform(operations, operation, request)).hasMessageContaining("too large to be kept");

        letters.set(1_000);
        var kept = perform(operations, operation, request);
        assertThat(kept).isInstanceOf(Outcome.Done.class);
        assertThat(perform(operations, operation, request)).isEqualTo(kept);
    }

    @Test
    void a_key_that_an_operation_does_not_take_is_refused_before_anything_is_read() throws Exception {
        var operations = operations();
        var request = keyed("k");
        assertThat(code(() -> perform(operations, change().handle(this::thing), request)))
                .isEqualTo("idempotency-unsupported");
        assertThat(code(() -> perform(operations, change().read(this::thing), request)))
                .isEqualTo("idempotency-unsupported");
        var watch = Streaming.named("watch", "Watches.")
                .on(ID)
                .input(Input.class)
                .policy(Policy.authenticated())
                .handle((call, out) -> done.incrementAndGet());
        assertThat(code(() -> as(operations, request, () -> operations.begin(watch, request))))
                .isEqualTo("idempotency-unsupported");
        assertThat(asked).doesNotContain("input");
        assertThat(done).hasValue(0);
    }

    @Test
    void the_same_key_of_the_same_subject_of_another_issuer_is_another_key() throws Exception {
        var operations = operations();
        var request = keyed("k");
        var operation = change().idempotent().handle(this::thing);
        perform(operations, operation, request);
        var partner = "https://partner.example";
        request.caller = new Caller.Authenticated(
                Caller.id(partner, "ann", false), partner, "ann", Optional.empty(), Set.of(), Set.of());
        perform(operations, operation, request);
        assertThat(done).hasValue(2);
    }

    @Test
    void what_is_prepared_is_prepared_once_and_not_for_a_repetition() throws Exception {
        var operations = operations();
        var request = keyed("k");
        var prepared = new AtomicInteger();
        var operation = change().idempotent()
                .prepare(call -> Outcome.done(prepared.incrementAndGet()))
                .handle((call, value) -> {
                    assertThat(value).isEqualTo(prepared.get());
                    return thing(call);
                });
        var first = perform(operations, operation, request);
        assertThat(perform(operations, operation, request)).isEqualTo(first);
        assertThat(prepared).hasValue(1);
        request.key = Optional.empty();
        perform(operations, operation, request);
        assertThat(prepared).hasValue(2);
        assertThat(done).hasValue(2);
        var refusing = change().idempotent()
                .<Integer>prepare(call -> Outcome.refused(Problem.of(Kind.CONFLICT, "declined", "No.")))
                .handle((call, value) -> thing(call));
        assertThat(perform(operations, refusing, request)).isInstanceOf(Outcome.Refused.class);
        assertThat(done).hasValue(2);
    }

    @Test
    void a_preparation_that_fails_by_what_the_first_call_did_gets_the_answer_of_the_first() throws Exception {
        var operations = operations();
        var first = change().idempotent().handle(this::thing);
        Outcome<Integer> declined = Outcome.refused(Problem.of(Kind.CONFLICT, "declined", "No."));
        for (var fails : List.of(false, true)) {
            var request = keyed("fails-" + fails);
            var answers = new ArrayList<Outcome<Thing>>();
            var second = change().idempotent()
                    .<Integer>prepare(call -> {
                        answers.add(perform(operations, first, request));
                        if (fails) {
                            throw new IllegalStateException("there is one");
                        }
                        return declined;
                    })
                    .handle((call, value) -> thing(call));

            assertThat(perform(operations, second, request)).isEqualTo(answers.getFirst());
            assertThat(answers.getFirst()).isInstanceOf(Outcome.Done.class);
        }
        assertThat(done).hasValue(2);
    }

    static Stream<RuntimeException> reasons() {
        return Stream.of(
                Problem.of(Kind.UNAVAILABLE, "away", "The store is away.").asException(),
                new IllegalStateException("broken"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void a_failed_preparation_is_kept_with_the_reason_why_nobody_could_look(RuntimeException reason) throws Exception {
        var operations = operations().idempotency(new BreaksAfterOneLook(reason), Duration.ofHours(1));
        var request = keyed("k");
        var declined = new IllegalStateException("declined");
        var operation = change().idempotent()
                .<Integer>prepare(call -> {
                    throw declined;
                })
                .handle((call, value) -> thing(call));

        assertThatThrownBy(() -> perform(operations, operation, request))
                .isSameAs(reason)
                .hasSuppressedException(declined);
    }

    private record BreaksAfterOneLook(RuntimeException reason, AtomicInteger looks) implements Idempotency {
        BreaksAfterOneLook(RuntimeException reason) {
            this(reason, new AtomicInteger());
        }

        @Override
        public <T, X extends Exception> Result<T> once(
                Claim claim,
                Transactions.Mode mode,
                Function<? super T, Optional<Answer>> answer,
                Transactions.Work<T, X> work) {
            throw new AssertionError("what was not prepared is not done");
        }

        @Override
        public <T> Optional<Result<T>> find(Claim claim) {
            if (looks.incrementAndGet() > 1) {
                throw reason;
            }
            return Optional.empty();
        }
    }

    @Test
    void what_is_prepared_is_prepared_once_for_all_versions_that_the_caller_may_have_seen() throws Exception {
        var operations = operations();
        var request = new FakeRequest();
        request.expected = new Expected.OneOf(List.of(5L, 6L, 7L, 8L));
        for (var key : List.of(Optional.<String>empty(), Optional.of("k"))) {
            request.key = key;
            var prepared = new AtomicInteger();
            var tried = new ArrayList<Long>();
            var operation = change().conditional()
                    .idempotent()
                    .prepare(call -> Outcome.done(prepared.incrementAndGet()))
                    .handle((call, value) -> {
                        tried.add(call.expectedVersion().orElseThrow());
                        return tried.getLast() == 7 ? thing(call) : Outcome.refused(Problem.stale());
                    });

            assertThat(perform(operations, operation, request)).isInstanceOf(Outcome.Done.class);

            assertThat(tried).containsExactly(5L, 6L, 7L);
            assertThat(prepared).as("with %s", key).hasValue(1);
        }
    }

    @Test
    void pages_and_answers_of_nothing_are_kept_as_well() throws Exception {
        var operations = operations();
        var request = keyed("k");
        var pages = Operation.named("pages", "Answers a page.")
                .input(Input.class)
                .pageOf(Thing.class)
                .policy(Policy.authenticated())
                .idempotent()
                .handle(call -> {
                    done.incrementAndGet();
                    var one = new Thing(THING, 1, Instant.EPOCH, Optional.of("note"));
                    return Outcome.done(new Page<>(List.of(one), Optional.of("next")));
                });
        assertThat(perform(operations, pages, request)).isEqualTo(perform(operations, pages, request));
        var nothing = Operation.named("nothing", "Answers nothing.")
                .input(Input.class)
                .policy(Policy.authenticated())
                .idempotent()
                .handle(call -> {
                    done.incrementAndGet();
                    return Outcome.done().version(5);
                });
        assertThat(perform(operations, nothing, request))
                .isEqualTo(perform(operations, nothing, request))
                .isEqualTo(Outcome.done().version(5));
        assertThat(done).hasValue(2);
    }

    @Test
    void a_refusal_and_a_failure_leave_the_key_free() throws Exception {
        var operations = operations();
        var request = keyed("k");
        var operation = change().idempotent().handle(call -> switch (done.incrementAndGet()) {
            case 1 -> Outcome.refused(Problem.of(Kind.CONFLICT, "sold-out", "Nothing is left."));
            case 2 -> throw new java.io.IOException("disk");
            default -> thing(call);
        });
        assertThat(perform(operations, operation, request)).isInstanceOf(Outcome.Refused.class);
        assertThatExceptionOfType(java.io.IOException.class).isThrownBy(() -> perform(operations, operation, request));
        assertThat(perform(operations, operation, request)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void limits_come_before_anything_is_read_and_say_what_is_left() throws Exception {
        var operations = operations(
                "--limits.rules.all.by=caller", "--limits.rules.all.requests=1", "--limits.rules.all.per=1h");
        var request = new FakeRequest();
        var operation = change().handle(this::thing);
        perform(operations, operation, request);
        assertThat(request.budget).isNotNull();
        asked.clear();
        assertThat(code(() -> perform(operations, operation, request))).isEqualTo("rate-limited");
        assertThat(asked).isEmpty();
        assertThat(request.budget).extracting(RateLimits.Budget::remaining).isEqualTo(0L);
    }

    @Test
    void an_address_that_calls_too_often_has_no_token_looked_at() throws Exception {
        var operations = operations(
                "--limits.rules.flood.by=address", "--limits.rules.flood.requests=1", "--limits.rules.flood.per=1h");
        assertThat(operations.callers().identify(List.of("ann"), "203.0.113.7")).isEqualTo(ANN);
        assertThat(code(() -> operations.callers().identify(List.of("ann"), "203.0.113.7")))
                .isEqualTo("rate-limited");
        assertThat(operations.callers().needAddress()).isTrue();
        assertThat(operations.callers().address("203.0.113.7", List.of("6.6.6.6")))
                .isEqualTo("203.0.113.7");
    }

    @Test
    void a_stream_is_admitted_and_validated_before_it_begins() throws Exception {
        var operations = operations();
        var watch = Streaming.named("watch", "Watches.")
                .on(ID)
                .input(Input.class)
                .output(Integer.class)
                .policy(Policy.authenticated())
                .handle((call, out) -> {
                    for (var i = 0; i < call.input().size(); i++) {
                        out.send(i);
                    }
                });
        var request = new FakeRequest();
        var ready = as(operations, request, () -> operations.begin(watch, request));
        var seen = new ArrayList<Integer>();
        ready.run(seen::add);
        assertThat(seen).containsExactly(0, 1, 2);
        request.input = new Input(0);
        assertThat(code(() -> as(operations, request, () -> operations.begin(watch, request))))
                .isEqualTo("invalid-input");
        request.caller = new Caller.Anonymous();
        assertThat(code(() -> as(operations, request, () -> {
                    operations.stream(watch, request, seen::add);
                    return true;
                })))
                .isEqualTo("token-required");
    }

    @Test
    void what_is_no_protocol_calls_with_a_context_of_its_own_and_without_a_token() throws Exception {
        var operations = operations();
        var seen = new AtomicReference<CallContext>();
        var sweep = Operation.named("sweep", "Sweeps.")
                .input(Input.class)
                .policy(Policy.service("sweeper"))
                .handle(call -> {
                    seen.set(call.context());
                    return Outcome.done();
                });
        var request = new FakeRequest();
        var context = operations
                .contexts()
                .ofMessage(
                        "sweep",
                        new Caller.Service("sweeper", Optional.of("acme")),
                        "m-2",
                        Optional.of("c-1"),
                        null,
                        Duration.ofSeconds(5));
        var outcome = ScopedValue.where(CallContext.CURRENT, context).call(() -> operations.perform(sweep, request));
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        assertThat(seen.get().tenant()).contains("acme");
        assertThat(seen.get().correlationId()).isEqualTo("c-1");
        assertThat(seen.get().causationId()).contains("m-2");
        assertThat(code(() -> perform(operations, sweep, request))).isEqualTo("forbidden");
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> operations.perform(sweep, request));
    }

    @Test
    void what_cannot_work_is_refused_at_the_start() {
        var bare = Operation.named("bare", "Has no policy.").handle(call -> Outcome.done());
        var owned = Operation.named("owned", "Is somebody's.")
                .policy(Policy.subjectIs("owner"))
                .handle(call -> Outcome.done());
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> start(
                        false,
                        List.of(
                                bare.description(),
                                owned.description(),
                                change().idempotent().handle(this::thing).description())))
                .satisfies(e -> assertThat(e.reasons())
                        .containsExactly(
                                "bare has no policy; say who may call it, Policy.anyone() if everybody",
                                "owned asks whose {owner} is, but has no such parameter",
                                "changeThing is idempotent, but the service has no store or no transactions for it"));
    }

    @Test
    void the_management_port_lists_what_is_offered_with_its_policies_as_data() throws Exception {
        var policy = Policy.role("admin")
                .or(Policy.subjectIs("id").and(Policy.tenantIs("id")))
                .or(Policy.permission("things:write"))
                .or(Policy.service("sweeper"));
        var changing = change().policy(policy)
                .idempotent()
                .isolation(Isolation.SERIALIZABLE)
                .repeatable(3)
                .refuses(Kind.CONFLICT, "sold-out")
                .handle(this::thing);
        var reads = Operation.named("readThing", "Reads a thing.")
                .policy(Policy.authenticated())
                .read(call -> Outcome.done());
        start(true, List.of(changing.description(), reads.description()));

        var listed = management("GET");
        assertThat(listed.headers().firstValue("Content-Type")).hasValue("application/json");
        var operations = new ObjectMapper().readTree(listed.body());
        assertThat(operations.findValuesAsText("operation")).containsExactly("changeThing", "readThing");
        assertThat(operations.get(0).get("policy").toString())
                .isEqualTo("{\"any\":[{\"role\":[\"admin\"]},{\"all\":[{\"own\":\"id\"},{\"tenant\":\"id\"}]},"
                        + "{\"permission\":\"things:write\"},{\"service\":\"sweeper\"}]}");
        assertThat(operations.get(0).toString())
                .contains(
                        "\"effect\":\"changes\"",
                        "\"parameters\":[\"id\"]",
                        "\"idempotent\":true",
                        "\"isolation\":\"serializable\"",
                        "\"attempts\":3",
                        "\"refusals\":[\"sold-out\"]");
        assertThat(operations.get(1).toString())
                .contains("\"effect\":\"reads\"", "\"policy\":{\"authenticated\":true}", "\"isolation\":\"none\"");
        assertThat(management("HEAD").body()).isEmpty();
    }

    private HttpResponse<String> management(String method) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var address = Objects.requireNonNull(service).address("management").resolve("/operations");
            var response = client.send(
                    HttpRequest.newBuilder(address)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response;
        }
    }

    @Test
    void failures_say_no_more_than_they_may() {
        assertThat(Failures.of(new IllegalStateException("select secret"))).isEqualTo(Failures.INTERNAL);
        assertThat(Failures.of(Problem.notFound("No.").asException()).code()).isEqualTo("not-found");
        assertThat(Failures.of(new InterruptedException())).isEqualTo(Failures.STOPPING);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_tree_becomes_a_record_as_strictly_as_a_text_does() {
        var json = new Json();
        assertThat(json.readTree(Map.of("size", 4), Input.class)).isEqualTo(new Input(4));
        assertThat(code(() -> json.readTree(Map.of("size", "4"), Input.class))).isEqualTo("invalid-input");
        assertThat(code(() -> json.readTree(Map.of("size", 4, "more", 1), Input.class)))
                .isEqualTo("invalid-input");
        assertThat(json.readQuery(Map.of("size", "4"), Input.class)).isEqualTo(new Input(4));
    }
}
