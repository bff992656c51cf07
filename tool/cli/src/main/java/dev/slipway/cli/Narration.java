package dev.slipway.cli;

import java.io.PrintStream;

/// Tells on standard error what is being done: one line a step, the verb right-aligned.
final class Narration {

    private static final int VERB_WIDTH = 12;

    private final PrintStream err;
    private final boolean coloured;
    private final boolean silent;
    private String next = "";

    Narration(Shell shell, boolean silent) {
        this.err = shell.err();
        this.coloured = shell.decorated();
        this.silent = silent;
    }

    boolean silent() {
        return silent;
    }

    void step(String verb, String rest) {
        if (!silent) {
            String padded = " ".repeat(Math.max(0, VERB_WIDTH - verb.length())) + verb;
            err.println((coloured ? "\033[1;32m" + padded + "\033[0m" : padded) + " " + rest);
        }
    }

    /// What to type now; said last, after the answer.
    void next(String command) {
        next = command;
    }

    void finish() {
        if (!next.isEmpty()) {
            step("Next", next);
        }
    }
}
