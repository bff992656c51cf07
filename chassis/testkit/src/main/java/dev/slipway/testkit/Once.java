package dev.slipway.testkit;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Answer;
import dev.slipway.core.Idempotency.Claim;
import dev.slipway.core.Idempotency.WhenBusy;
import dev.slipway.core.Transactions;
import java.time.Duration;
import java.util.function.Supplier;

/// Does a piece of work once, in a transaction of its own, as the chain of an operation does. Thread-safe as its parts are.
public record Once(Transactions transactions, Idempotency idempotency) {
    private static final Duration KEEP = Duration.ofHours(24);

    /// What became of it.
    public sealed interface Result {
        record Done(Answer answer) implements Result {}

        record Repeated(Answer answer) implements Result {}

        record InProgress() implements Result {}

        record Mismatch() implements Result {}
    }

    public Result once(Idempotency.Key key, String fingerprint, Supplier<Answer> work) {
        return once(key, fingerprint, WhenBusy.REFUSE, work);
    }

    public Result once(Idempotency.Key key, String fingerprint, WhenBusy whenBusy, Supplier<Answer> work) {
        return transactions.run(
                Transactions.Mode.DEFAULT, result -> result instanceof Result.Done, () -> switch (idempotency.claim(
                        key, fingerprint, KEEP, whenBusy)) {
                    case Claim.Granted() -> {
                        var answer = work.get();
                        idempotency.keep(key, answer);
                        yield new Result.Done(answer);
                    }
                    case Claim.Repeated(var answer) -> new Result.Repeated(answer);
                    case Claim.InProgress() -> new Result.InProgress();
                    case Claim.Mismatch() -> new Result.Mismatch();
                });
    }
}
