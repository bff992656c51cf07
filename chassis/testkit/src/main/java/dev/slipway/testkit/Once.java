package dev.slipway.testkit;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Idempotency.Answer;
import dev.slipway.core.Idempotency.WhenBusy;
import dev.slipway.core.Transactions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Does work once whose result is its answer. Thread-safe as its part is.
public record Once(Idempotency idempotency) {
    private static final Duration KEEP = Duration.ofHours(24);

    public Idempotency.Result<Answer> once(Idempotency.Key key, String fingerprint, Supplier<Answer> work) {
        return once(key, fingerprint, WhenBusy.REFUSE, work);
    }

    public Idempotency.Result<Answer> once(
            Idempotency.Key key, String fingerprint, WhenBusy whenBusy, Supplier<Answer> work) {
        var claim = new Idempotency.Claim(key, fingerprint, KEEP, whenBusy);
        return idempotency.once(claim, Transactions.Mode.DEFAULT, Optional::of, work::get);
    }
}
