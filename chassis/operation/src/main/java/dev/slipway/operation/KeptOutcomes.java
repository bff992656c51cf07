package dev.slipway.operation;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Claim;
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

    /// An outcome, and its value as JSON if it was kept.
    @SuppressWarnings("ArrayRecordComponent") // passed on, compared never
    record Kept<O>(Outcome<O> outcome, byte[] json) {
        private static final byte[] NONE = {};

        static <O> Kept<O> not(Outcome<O> outcome) {
            return new Kept<>(outcome, NONE);
        }

        boolean isDone() {
            return outcome instanceof Outcome.Done;
        }
    }

    private static final int MOST_BYTES = 4_000_000;

    private final Idempotency store;
    private final Duration keep;
    private final Json json;

    /// @param keep how long an outcome is kept; the key is free afterwards
    KeptOutcomes(Idempotency store, Duration keep, Json json) {
        this.store = store;
        this.keep = keep;
        this.json = json;
    }

    /// Called in the transaction of the work.
    <I, O> Kept<O> once(
            Idempotency.Key key,
            String fingerprint,
            Description<I, O> description,
            Transactions.Work<Outcome<O>, Exception> work)
            throws Exception {
        return switch (store.claim(key, fingerprint, keep, WhenBusy.REFUSE)) {
            case Claim.Granted() ->
                switch (work.run()) {
                    case Outcome.Done<O> done -> keep(key, done);
                    case Outcome.Refused<O> refused -> Kept.not(refused);
                };
            case Claim.Repeated(var answer) -> restore(answer.text(), description);
            case Claim.InProgress() -> Kept.not(Outcome.refused(IN_PROGRESS));
            case Claim.Mismatch() -> Kept.not(Outcome.refused(MISMATCH));
        };
    }

    /// What is known of a key without claiming it; empty if nothing is. Called in a transaction that is undone.
    <O> Optional<Kept<O>> find(Idempotency.Key key, String fingerprint, Description<?, O> description) {
        return switch (store.claim(key, fingerprint, keep, WhenBusy.REFUSE)) {
            case Claim.Granted() -> Optional.empty();
            case Claim.Repeated(var answer) -> Optional.of(restore(answer.text(), description));
            case Claim.InProgress() -> Optional.of(Kept.not(Outcome.refused(IN_PROGRESS)));
            case Claim.Mismatch() -> Optional.of(Kept.not(Outcome.refused(MISMATCH)));
        };
    }

    private <O> Kept<O> keep(Idempotency.Key key, Outcome.Done<O> done) {
        var value = json.write(done.value());
        if (value.length > MOST_BYTES) {
            throw new IllegalStateException("an answer of " + value.length
                    + " bytes is too large to be kept for its key: " + MOST_BYTES + " at the most");
        }
        var version = done.version().isPresent() ? Long.toString(done.version().getAsLong()) : "";
        var text = version + ' ' + new String(value, StandardCharsets.UTF_8);
        store.keep(key, new Idempotency.Answer(text));
        return new Kept<>(done, value);
    }

    private <O> Kept<O> restore(String text, Description<?, O> description) {
        var space = text.indexOf(' ');
        var version = space == 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text, 0, space, 10));
        var value = text.substring(space + 1);
        return json.restore(value, description)
                .map(answer -> new Kept<>(new Outcome.Done<>(answer, version), value.getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() -> Kept.not(Outcome.refused(OUTDATED)));
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
