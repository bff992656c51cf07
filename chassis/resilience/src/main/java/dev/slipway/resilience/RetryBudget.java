package dev.slipway.resilience;

import java.util.concurrent.atomic.AtomicLong;

/// Pays for retries out of first attempts, so that retries cannot multiply the load on who is failing.
///
/// A token bucket that starts empty: a first attempt pays in a share of a token, a retry takes a whole one out. At any
/// moment since the start there were at most `share` retries per first attempt; and in any stretch of time at most
/// [#MOST] more than that. After [Finagle's](https://twitter.github.io/finagle/guide/Clients.html#retries) budget.
final class RetryBudget {
    static final int MOST = 10;
    private static final long TOKEN = 1_000;

    private final long share;
    private final AtomicLong balance = new AtomicLong();

    RetryBudget(double share) {
        this.share = (long) (share * TOKEN);
    }

    void payIn() {
        if (balance.get() < MOST * TOKEN) {
            balance.updateAndGet(before -> Math.min(MOST * TOKEN, before + share));
        }
    }

    boolean takeOut() {
        return balance.getAndUpdate(before -> before < TOKEN ? before : before - TOKEN) >= TOKEN;
    }

    /// How many retries it would pay for now.
    double balance() {
        return (double) balance.get() / TOKEN;
    }
}
