package dev.slipway.operation;

/// The input of an operation that takes none, and the output of one that answers nothing.
public record Nothing() {
    public static final Nothing NOTHING = new Nothing();
}
