package dev.slipway.operation;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/// Outcomes as an [Idempotency] store keeps them: `<version or nothing> <value as JSON>`. Only success is kept: a
/// refusal undoes the work and frees the key.
final class StoredOutcome {
    private static final Problem IN_PROGRESS = Problem.of(
                    Kind.CONFLICT, "idempotency-in-progress", "A request with this idempotency key is being served.")
            .retryAfter(Duration.ofSeconds(1));
    private static final Problem MISMATCH = Problem.of(
            Kind.UNPROCESSABLE, "idempotency-mismatch", "This idempotency key was used for another request.");

    /// Takes a refusal out of the transaction, which it rolls back.
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        RefusedException(Problem problem) {
            super(problem.code(), null, false, false);
            this.problem = problem;
        }
    }

    private StoredOutcome() {}

    static <O> Outcome<O> once(
            Idempotency store,
            Idempotency.Key key,
            String fingerprint,
            Callable<Outcome<O>> work,
            Description<?, O> description,
            Json json) {
        try {
            return switch (store.once(key, fingerprint, () -> done(work, json))) {
                case Idempotency.Outcome.Done(var answer) -> restore(answer, description, json);
                case Idempotency.Outcome.Repeated(var answer) -> restore(answer, description, json);
                case Idempotency.Outcome.InProgress() -> Outcome.refused(IN_PROGRESS);
                case Idempotency.Outcome.Mismatch() -> Outcome.refused(MISMATCH);
            };
        } catch (RefusedException e) {
            return Outcome.refused(e.problem);
        }
    }

    /// A hash of what makes two calls of one operation the same: what they are about and their input, by whichever
    /// protocol they came.
    static String fingerprint(Call<?> call, Json json) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            call.parameters().entrySet().stream()
                    .map(entry -> entry.getKey().name() + "=" + entry.getValue() + "\n")
                    .sorted()
                    .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(json.write(call.input())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static <O> Idempotency.Answer done(Callable<Outcome<O>> work, Json json) {
        return switch (call(work)) {
            case Outcome.Refused<O>(var problem) -> throw new RefusedException(problem);
            case Outcome.Done<O>(var value, var version) -> {
                var text = new ByteArrayOutputStream();
                text.writeBytes(
                        version.isPresent()
                                ? Long.toString(version.getAsLong()).getBytes(StandardCharsets.US_ASCII)
                                : new byte[0]);
                text.write(' ');
                text.writeBytes(json.write(value));
                yield new Idempotency.Answer(text.toString(StandardCharsets.UTF_8));
            }
        };
    }

    private static <O> Outcome<O> call(Callable<Outcome<O>> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static <O> Outcome<O> restore(Idempotency.Answer answer, Description<?, O> description, Json json) {
        var text = answer.text();
        var space = text.indexOf(' ');
        var version = space == 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text, 0, space, 10));
        return new Outcome.Done<>(json.restore(text.substring(space + 1), description), version);
    }
}
