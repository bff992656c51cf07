package dev.slipway.web;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Outcome;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// Replies as an [Idempotency] store keeps them. Only success is kept: a refusal undoes the work and frees the key.
final class StoredReply {
    private static final Problem IN_PROGRESS = Problem.of(
                    Kind.CONFLICT, "idempotency-in-progress", "A request with this Idempotency-Key is being served.")
            .retryAfter(Duration.ofSeconds(1));
    private static final Problem MISMATCH = Problem.of(
            Kind.UNPROCESSABLE, "idempotency-mismatch", "This Idempotency-Key was used for another request.");

    /// A body that is JSON already.
    record Raw(String json) {
        byte[] bytes() {
            return json.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// Takes a refusal out of the transaction, which it rolls back.
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Reply.Refused refusal;

        RefusedException(Reply.Refused refusal) {
            super(refusal.problem().code(), null, false, false);
            this.refusal = refusal;
        }
    }

    private StoredReply() {}

    static Reply once(Idempotency store, Idempotency.Key key, String fingerprint, Callable<Reply> work, Json json) {
        try {
            return switch (store.once(key, fingerprint, () -> done(work, json))) {
                case Outcome.Done(var answer) -> restore(answer);
                case Outcome.Repeated(var answer) -> restore(answer);
                case Outcome.InProgress() -> Reply.refused(IN_PROGRESS);
                case Outcome.Mismatch() -> Reply.refused(MISMATCH);
            };
        } catch (RefusedException e) {
            return e.refusal;
        }
    }

    /// A hash of what makes two requests the same: the path and the body, byte by byte.
    static String fingerprint(String path, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(path.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Idempotency.Answer done(Callable<Reply> work, Json json) {
        var reply = call(work);
        return switch (reply) {
            case Reply.Refused refused -> throw new RefusedException(refused);
            case Reply.Done done -> {
                var headers = done.headers().entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue())
                        .collect(Collectors.joining("\n"));
                var body = done.body().map(json::write).orElse(new byte[0]);
                yield new Idempotency.Answer(done.status(), headers, new String(body, StandardCharsets.UTF_8));
            }
        };
    }

    private static Reply call(Callable<Reply> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply restore(Idempotency.Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        answer.headers().lines().forEach(line -> {
            var colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        });
        Optional<Object> body = answer.body().isEmpty() ? Optional.empty() : Optional.of(new Raw(answer.body()));
        return new Reply.Done(answer.status(), body, headers);
    }
}
