package dev.slipway.operation;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Answer;
import dev.slipway.core.Idempotency.Claim;
import dev.slipway.core.Idempotency.Result;
import dev.slipway.core.Idempotency.WhenBusy;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.Transactions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/// Does the work of calls with an idempotency key once, and keeps its outcome for their repetitions, as
/// `<version or nothing> <value as JSON>`. Only success is kept: a refusal undoes the work and frees the key. Thread-safe.
final class KeptOutcomes {
    private static final Problem IN_PROGRESS = Problem.of(
                    Kind.CONFLICT, "idempotency-in-progress", "A request with this idempotency key is being served.")
            .retryAfter(Duration.ofSeconds(1));
    private static final Problem MISMATCH = Problem.of(
            Kind.UNPROCESSABLE, "idempotency-mismatch", "This idempotency key was used for another request.");
    private static final Problem OUTDATED = Problem.of(
            Kind.CONFLICT,
            "idempotency-outdated",
            "This request was done by another version of the service, and its answer cannot be repeated; read what it changed.");

    /// An outcome, and its value as JSON if it is kept.
    @SuppressWarnings("ArrayRecordComponent") // passed on, compared never
    record Kept<O>(Outcome<O> outcome, byte[] json) {
        private static final byte[] NONE = {};

        static <O> Kept<O> not(Problem refusal) {
            return new Kept<>(Outcome.refused(refusal), NONE);
        }

        private Optional<Answer> answer() {
            if (!(outcome instanceof Outcome.Done<O> done)) {
                return Optional.empty();
            }
            var version =
                    done.version().isPresent() ? Long.toString(done.version().getAsLong()) : "";
            return Optional.of(new Answer(version + ' ' + new String(json, StandardCharsets.UTF_8)));
        }
    }

    private static final int MOST_BYTES = 4_000_000;

    private final Idempotency store;
    private final Duration keep;
    private final Json json;

    /// @param keep how long an outcome is kept, at least
    KeptOutcomes(Idempotency store, Duration keep, Json json) {
        this.store = store;
        this.keep = keep;
        this.json = json;
    }

    Claim claim(Idempotency.Key key, Call<?> call) {
        return new Claim(key, fingerprint(call), keep, WhenBusy.REFUSE);
    }

    /// Does the work in a transaction, unless it was done before.
    <O> Kept<O> once(Claim claim, Description<?, O> description, Transactions.Work<Outcome<O>, Exception> work)
            throws Exception {
        var mode = description.traits().transaction();
        return told(store.<Kept<O>, Exception>once(claim, mode, Kept::answer, () -> kept(work.run())), description);
    }

    /// What is known of a call without doing its work; empty if nothing is.
    <O> Optional<Kept<O>> find(Claim claim, Description<?, O> description) {
        return store.<Kept<O>>find(claim).map(known -> told(known, description));
    }

    private <O> Kept<O> told(Result<Kept<O>> result, Description<?, O> description) {
        return switch (result) {
            case Result.Worked<Kept<O>>(var kept) -> kept;
            case Result.Repeated<Kept<O>>(var answer) -> restore(answer.text(), description);
            case Result.InProgress<Kept<O>>() -> Kept.not(IN_PROGRESS);
            case Result.Mismatch<Kept<O>>() -> Kept.not(MISMATCH);
        };
    }

    private <O> Kept<O> kept(Outcome<O> outcome) {
        return switch (outcome) {
            case Outcome.Refused<O>(var problem) -> Kept.not(problem);
            case Outcome.Done<O> done -> {
                var value = json.write(done.value());
                if (value.length > MOST_BYTES) {
                    throw new IllegalStateException("an answer of " + value.length
                            + " bytes is too large to be kept for its key: " + MOST_BYTES + " at the most");
                }
                yield new Kept<>(done, value);
            }
        };
    }

    private <O> Kept<O> restore(String text, Description<?, O> description) {
        var space = text.indexOf(' ');
        var version = space == 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text, 0, space, 10));
        var value = text.substring(space + 1);
        return json.restore(value, description)
                .map(answer -> new Kept<>(new Outcome.Done<>(answer, version), value.getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() -> Kept.not(OUTDATED));
    }

    /// A hash of what makes two calls of one operation the same: what they are about and their input, by whichever
    /// protocol and to whichever version of the service they came.
    String fingerprint(Call<?> call) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            if (!call.parameters().isEmpty()) {
                call.parameters().entrySet().stream()
                        .map(entry -> entry.getKey().name() + "=" + entry.getValue() + "\n")
                        .sorted()
                        .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
            }
            return HexFormat.of().formatHex(digest.digest(json.canonical(call.input())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
