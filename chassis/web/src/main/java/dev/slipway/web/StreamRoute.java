package dev.slipway.web;

import dev.slipway.operation.Description;
import dev.slipway.operation.Items;
import dev.slipway.operation.Streaming;

/// The address of a streaming operation in the REST API. Immutable.
///
/// Changes come as [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html), each with one
/// JSON document as its data; a failure is an event `problem`, the end an event `complete`. What is sent to an operation
/// as a stream, and its answers, are lines of JSON ([NDJSON](https://github.com/ndjson/ndjson-spec)); a failure is a last
/// line with a problem.
///
/// @param <O> one element of the answer
public final class StreamRoute<I, O> extends Addressed {
    static final String EVENTS = "text/event-stream";
    static final String LINES = "application/x-ndjson";

    private final Streaming<I, O> operation;

    private StreamRoute(String method, String template, Streaming<I, O> operation, int version) {
        super(method, template, version);
        this.operation = operation;
    }

    /// `GET`, answered with server-sent events; the input is the query.
    public static <I, O> StreamRoute<I, O> events(String template, Streaming<I, O> operation) {
        return new StreamRoute<>("GET", template, operation, 1);
    }

    /// `POST`, with a line of JSON for each item that the client sends and for each answer.
    public static <T, O> StreamRoute<Items<T>, O> lines(String template, Streaming<Items<T>, O> operation) {
        return new StreamRoute<>("POST", template, operation, 1);
    }

    /// Part of the path: `/v2`. Without this, 1.
    public StreamRoute<I, O> version(int number) {
        return new StreamRoute<>(method(), template(), operation, number);
    }

    Streaming<I, O> operation() {
        return operation;
    }

    @Override
    public Description<I, O> description() {
        return operation.description();
    }

    @Override
    public int success() {
        return 200;
    }

    boolean takesLines() {
        return operation.takesItems();
    }
}
