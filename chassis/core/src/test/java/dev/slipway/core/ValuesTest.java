package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @ParameterizedTest
    @CsvSource({"512, 512", "512B, 512", "64 kb, 65536", "1MB, 1048576", "2gb, 2147483648"})
    void sizes_are_read_in_steps_of_1024(String text, long bytes) {
        assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1KB", "1TB", "1.5MB", "99999999999999GB"})
    void what_is_no_size_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
    }

    @Test
    void a_size_is_not_negative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSize(-1));
        assertThat(new DataSize(7).intBytes()).isEqualTo(7);
    }

    @Test
    void a_trace_is_continued_with_a_span_of_its_own() {
        var random = new Random(1);
        var trace = TraceContext.continuing("00-" + TRACE + "-00f067aa0ba902b7-01", random);
        assertThat(trace.traceId()).isEqualTo(TRACE);
        assertThat(trace.spanId()).hasSize(16).isNotEqualTo("00f067aa0ba902b7");
        assertThat(trace.sampled()).isTrue();
        assertThat(TraceContext.continuing(trace.traceparent(), random).traceId())
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void a_missing_or_malformed_trace_starts_a_new_one(@Nullable String traceparent) {
        var trace = TraceContext.continuing(traceparent, new Random(1));
        assertThat(trace.traceId()).matches("[0-9a-f]{32}").isNotEqualTo(TRACE);
        assertThat(trace.sampled()).isFalse();
    }

    @Test
    void a_secret_shows_itself_in_no_text() {
        assertThat(new Secret("hunter2")).hasToString("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Email", "email_taken", "-a", "a--b", "1a", "a\n"})
    void the_code_of_a_problem_is_a_slug(String code) {
        assertThatIllegalArgumentException().isThrownBy(() -> Problem.of(Problem.Kind.CONFLICT, code, ""));
    }

    @Test
    void a_problem_becomes_an_exception_that_carries_it() {
        var problem = Problem.notFound("No such thing.").retryAfter(Duration.ofSeconds(3));
        assertThat(problem.asException().problem()).isEqualTo(problem);
        assertThat(problem.asException()).hasMessage("not-found: No such thing.");
        assertThat(problem.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(Problem.invalid(List.of()).kind().isFailure()).isFalse();
        assertThat(Problem.Kind.UNAVAILABLE.isFailure()).isTrue();
    }

    @Test
    void checks_name_the_keys() {
        Checks.atMost("idle-size", 16, "pool-size", 16);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.atMost("idle-size", 17, "pool-size", 16))
                .withMessage("idle-size must not be more than pool-size: 17 > 16");
    }

    @Test
    void the_call_of_a_thread_is_known_while_it_is_served() {
        var ann = new Caller.Authenticated("ann", Optional.of("acme"), Set.of("admin"), Set.of());
        var context = new CallContext(
                "shop",
                "buy",
                "r1",
                TraceContext.continuing(null, new Random(1)),
                new Caller.Anonymous(),
                Optional.of(Clock.systemUTC().instant()));
        assertThat(CallContext.current()).isEmpty();
        assertThat(context.tenant()).isEmpty();
        assertThat(context.caller().id()).isEqualTo("anonymous");
        ScopedValue.where(CallContext.CURRENT, context.withCaller(ann)).run(() -> {
            assertThat(CallContext.current().orElseThrow().tenant()).contains("acme");
            assertThat(CallContext.current().orElseThrow().caller().id()).isEqualTo("ann");
        });
    }

    @Test
    void a_problem_says_whether_the_same_call_is_worth_trying_again() {
        assertThat(Problem.invalid(List.of()).retry()).isEqualTo(Problem.Retry.NEVER);
        assertThat(Problem.notFound("No.").retry()).isEqualTo(Problem.Retry.AFTER_CHANGE);
        assertThat(Problem.stale().retry().slug()).isEqualTo("after-change");
        assertThat(Problem.stale().secondsToWait()).isEmpty();
        assertThat(Problem.stale().retryAfter(Duration.ofMillis(1_001)).secondsToWait())
                .hasValue(2);
        assertThat(Problem.stale().retryAfter(Duration.ZERO).secondsToWait()).hasValue(1);
        assertThat(Problem.stale().retry()).isEqualTo(Problem.Retry.AFTER_CHANGE);
        var busy = Problem.of(Problem.Kind.UNAVAILABLE, "busy", "Busy.");
        assertThat(busy.retry()).isEqualTo(Problem.Retry.LATER);
        var served = Problem.of(Problem.Kind.CONFLICT, "being-served", "Wait.");
        assertThat(served.retry()).isEqualTo(Problem.Retry.AFTER_CHANGE);
        assertThat(served.retryAfter(Duration.ofSeconds(1)).retry()).isEqualTo(Problem.Retry.LATER);
    }

    @Test
    void no_two_callers_have_the_same_id() {
        var a = "https://a.example";
        var b = "https://b.example";
        var ids = List.of(
                new Caller.Anonymous().id(),
                new Caller.Service("ada", Optional.empty()).id(),
                Caller.id(a, "ada", true),
                Caller.id(b, "ada", false),
                Caller.id(a, "anonymous", true),
                Caller.id(a, "#ada", true),
                Caller.id(a, b + "#ada", true));
        assertThat(ids).doesNotHaveDuplicates().contains("ada", b + "#ada", "#ada", "anonymous");
        assertThatIllegalArgumentException().isThrownBy(() -> new Caller.Service("ada#1", Optional.empty()));
    }

    @Test
    void a_context_takes_over_only_what_is_safe() {
        var contexts = new CallContexts("shop", Clock.systemUTC(), RandomGenerator.getDefault());
        var known = contexts.ofRequest(
                "read",
                "abc-1",
                "not safe",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                Duration.ofSeconds(5));
        assertThat(known.requestId()).isEqualTo("abc-1");
        assertThat(known.correlationId()).isEqualTo("abc-1");
        assertThat(known.trace().traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(known.deadline()).isPresent();
        for (var bad : new String[] {null, "", "a b", "x".repeat(65), "a\nb"}) {
            var made = contexts.ofRequest("read", bad, "c-1", null, Duration.ofSeconds(5));
            assertThat(made.requestId()).isNotEqualTo(bad).matches("[0-9a-f]{16}");
            assertThat(made.correlationId()).isEqualTo("c-1");
        }
    }

    @Test
    void the_time_of_a_call_is_measured_by_the_services_clock() {
        var now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
        InstantSource time = now::get;
        var contexts = new CallContexts("shop", time.withZone(ZoneOffset.UTC), RandomGenerator.getDefault());
        var call = contexts.ofRequest("read", null, null, null, Duration.ofSeconds(5));
        assertThat(contexts.timeLeft(call)).isEqualTo(Duration.ofSeconds(5));
        now.updateAndGet(before -> before.plusSeconds(5));
        assertThat(contexts.isLate(call)).isFalse();
        now.updateAndGet(before -> before.plusMillis(1));
        assertThat(contexts.isLate(call)).isTrue();
        assertThat(contexts.isLate(contexts.withLimit(call, Duration.ZERO))).isFalse();
        assertThat(contexts.isLate(call.withoutDeadline())).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> contexts.timeLeft(call.withoutDeadline()));
    }

    @Test
    void what_a_part_of_the_service_does_by_itself_has_a_context_too() {
        var contexts = new CallContexts("shop", Clock.systemUTC(), RandomGenerator.getDefault());
        var part = new Caller.Service("sweep", Optional.of("acme"));
        var scheduled = contexts.ofSchedule("sweepPrices", part, Duration.ofSeconds(5));
        assertThat(scheduled.caller()).isEqualTo(part);
        assertThat(scheduled.tenant()).contains("acme");
        assertThat(scheduled.causationId()).isEmpty();
        assertThat(scheduled.correlationId()).isEqualTo(scheduled.requestId());
        var first = contexts.ofMessage("ship", part, "m-1", Optional.empty(), null, Duration.ofSeconds(5));
        assertThat(first.correlationId()).isEqualTo("m-1");
        assertThat(first.causationId()).contains("m-1");
        assertThat(first.withCaller(new Caller.Anonymous()).withOperation("x").withoutDeadline())
                .extracting(CallContext::correlationId, CallContext::causationId)
                .containsExactly("m-1", Optional.of("m-1"));
    }
}
