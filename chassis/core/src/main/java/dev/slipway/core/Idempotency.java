package dev.slipway.core;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Does pieces of work once, by their keys: that a piece was done is remembered in its own transaction, so work and memory
/// are one commit.
///
/// It lets requests be repeated
/// ([draft-ietf-httpapi-idempotency-key-header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/))
/// and is the inbox of who handles messages. Several pieces of work may share a transaction. Thread-safe.
public interface Idempotency {

    /// Where a key is valid: the same key of another caller or for another operation is another key.
    record Key(String operation, String caller, String value) {}

    /// The answer of the work as it is stored; what the text means is not known here.
    record Answer(String text) {}

    /// What is to be done once.
    ///
    /// @param fingerprint a hash of what is to be done: a repetition must have the same
    /// @param keep how long the key is remembered, at least
    record Claim(Key key, String fingerprint, Duration keep, WhenBusy whenBusy) {}

    /// What is done about a key that somebody else works on at the moment.
    enum WhenBusy {
        /// If it is somebody in this process, the result is [Result.InProgress] at once. With another process it competes.
        REFUSE,
        /// Both work. Whoever ends first has done it; the other is undone and gets the answer of the first.
        COMPETE
    }

    /// What became of a claim.
    sealed interface Result<T> {
        /// The work was done now; or undone, if its result has no answer.
        record Worked<T>(T result) implements Result<T> {}

        /// The work was done before.
        record Repeated<T>(Answer answer) implements Result<T> {}

        /// Somebody else is doing it.
        record InProgress<T>() implements Result<T> {}

        /// The key was used before for something else.
        record Mismatch<T>() implements Result<T> {}
    }

    /// Does a piece of work in a transaction, as a part of the one that runs or in one of its own, and remembers its answer
    /// there.
    ///
    /// The work of a repetition may run again, and is then undone: whatever it returned or threw, the answer of the first
    /// is the result. So what work does outside its transaction must stand a repetition.
    ///
    /// @param answer of a result; none if the work is to be undone and the key to be free
    /// @throws X what the work throws; the work is undone, and its key is free
    <T, X extends Exception> Result<T> once(
            Claim claim,
            Transactions.Mode mode,
            Function<? super T, Optional<Answer>> answer,
            Transactions.Work<T, X> work)
            throws X;

    /// What is known of a key without working on it; empty if nothing is.
    <T> Optional<Result<T>> find(Claim claim);
}
