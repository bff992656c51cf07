package dev.slipway.core;

import java.time.Duration;

/// Remembers by its key that a piece of work was done, in the transaction of the work: work and memory are one commit.
///
/// It lets requests be repeated
/// ([draft-ietf-httpapi-idempotency-key-header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/))
/// and is the inbox of who handles messages. Several pieces of work may be claimed in one transaction. Thread-safe.
public interface Idempotency {

    /// Where a key is valid: the same key of another caller or for another operation is another key.
    record Key(String operation, String caller, String value) {}

    /// The answer of the work as it is stored; what the text means is not known here.
    record Answer(String text) {}

    /// What is done about a key that somebody else works on at the moment.
    enum WhenBusy {
        /// The claim is [Claim.InProgress] at once.
        REFUSE,
        /// The claim waits until the other has ended, and takes over if that failed.
        WAIT
    }

    /// What became of a claim.
    sealed interface Claim {
        /// The work is the claimer's: it is to be done now, in this transaction, and nobody else does it meanwhile.
        record Granted() implements Claim {}

        /// The work was done before.
        ///
        /// @param answer empty text if none was kept
        record Repeated(Answer answer) implements Claim {}

        /// Somebody else is doing it.
        record InProgress() implements Claim {}

        /// The key was used before for something else.
        record Mismatch() implements Claim {}
    }

    /// Claims a piece of work in the running transaction. If that is undone, the key is free again.
    ///
    /// @param fingerprint a hash of what is to be done: a repetition must have the same
    /// @param keep how long the key is remembered
    /// @throws IllegalStateException if no transaction of the same database runs
    Claim claim(Key key, String fingerprint, Duration keep, WhenBusy whenBusy);

    /// Keeps the answer of work that was granted in the running transaction.
    void keep(Key key, Answer answer);
}
