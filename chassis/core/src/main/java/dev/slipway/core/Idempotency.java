package dev.slipway.core;

import java.util.function.Supplier;

/// Runs a piece of work once per key, and answers every repetition with the first answer (draft-ietf-httpapi-idempotency-key-header).
public interface Idempotency {

    /// Where a key is valid: the same key of another caller or for another operation is another key.
    record Key(String operation, String caller, String value) {}

    /// The answer of the work as it is stored; what the text means is not known here.
    record Answer(String text) {}

    sealed interface Outcome {
        /// The work was done now.
        record Done(Answer answer) implements Outcome {}

        /// The work had been done before; this is its answer.
        record Repeated(Answer answer) implements Outcome {}

        /// Another call with this key is being served.
        record InProgress() implements Outcome {}

        /// The key was used before for another request.
        record Mismatch() implements Outcome {}
    }

    /// Does the work and stores its answer in one transaction, so that both happen or neither does; if the work throws,
    /// nothing is stored and the key is free again.
    ///
    /// @param fingerprint a hash of the request: a repetition must have the same
    Outcome once(Key key, String fingerprint, Supplier<Answer> work);
}
