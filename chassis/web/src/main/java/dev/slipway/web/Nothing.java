package dev.slipway.web;

/// The input of a route that takes neither a body nor a query.
public record Nothing() {
    static final Nothing VALUE = new Nothing();
}
