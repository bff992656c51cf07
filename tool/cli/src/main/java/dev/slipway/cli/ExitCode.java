package dev.slipway.cli;

/// What the command returns to the shell; documented, never renumbered.
enum ExitCode {
    OK(0),
    FAILURE(1),
    USAGE(2),
    UPDATE_AVAILABLE(3),
    CONFLICTS_LEFT(4),
    DOES_NOT_CONFORM(5),
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
