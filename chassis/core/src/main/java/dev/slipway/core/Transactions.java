package dev.slipway.core;

import java.util.function.Predicate;

/// Does a piece of work as one: what it writes is committed together, or undone. A port; a service's database is its
/// implementation. Thread-safe.
public interface Transactions {

    /// How a transaction runs.
    ///
    /// @param attempts how often the work may run in all, when the database says that it lost against another
    ///     transaction; more than once is for work without an effect outside the database
    record Mode(Isolation isolation, int attempts) {
        /// READ COMMITTED, once.
        public static final Mode DEFAULT = new Mode(Isolation.READ_COMMITTED, 1);

        public Mode {
            if (attempts < 1) {
                throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
            }
        }
    }

    /// A piece of work, on the thread that asked for it.
    @FunctionalInterface
    interface Work<T, X extends Exception> {
        T run() throws X;
    }

    /// Runs the work in a transaction. As a part of one that runs already, it undoes itself alone.
    ///
    /// @param commits which results are committed; with any other the work is undone, and the result returned all the
    ///     same. Work that throws is undone
    <T, X extends Exception> T run(Mode mode, Predicate<? super T> commits, Work<T, X> work) throws X;
}
