package dev.slipway.cli;

/// What the command returns to the shell; documented, never renumbered. 3 to 5 are kept for updates and checks.
enum ExitCode {
    OK(0),
    FAILURE(1),
    USAGE(2),
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
