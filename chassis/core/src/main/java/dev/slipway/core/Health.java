package dev.slipway.core;

/// How a dependency is; the detail is for operators and must hold no secret.
public sealed interface Health {
    String detail();

    record Up(String detail) implements Health {}

    record Down(String detail) implements Health {}
}
