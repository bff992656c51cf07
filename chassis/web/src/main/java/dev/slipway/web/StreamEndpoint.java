package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Failures;
import dev.slipway.operation.Items;
import dev.slipway.operation.Json;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Request;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Answers one streaming route.
record StreamEndpoint<I, O>(StreamRoute<I, O> route, RestContext rest) implements AddressedEndpoint {
    private static final byte[] NOTHING = {};
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] COMPLETE = "event: complete\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);
    private static final Header EVENTS = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, StreamRoute.EVENTS);
    private static final Header LINES = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, StreamRoute.LINES);

    @Override
    public Answer answer(ServerRequest request, RequestBody body, CallContext context, Cancellation cancellation)
            throws Exception {
        var ready = rest.operations().begin(route.operation(), new StreamRequest(request, body));
        var format = route.takesLines() ? new Lines(rest.json()) : new Events(rest.json());
        Function<Problem, byte[]> failure = why -> format.problem(Problems.document(why, context.requestId()));
        return route.takesLines()
                ? Answer.dialogue(failure, out -> run(ready, out, format, failure))
                        .header(LINES)
                : Answer.stream(COMMENT, failure, out -> run(ready, out, format, failure))
                        .header(EVENTS);
    }

    private static <O> void run(
            Operations.Ready<O> ready, Emitter<byte[]> out, Format format, Function<Problem, byte[]> failure)
            throws InterruptedException {
        try {
            ready.run(element -> out.send(format.element(element)));
            out.send(format.complete());
        } catch (InterruptedException e) {
            throw e;
        } catch (CloseConnectionException e) {
            // Its body has ended early. It may still read, and what it reads then has no end either.
            out.send(failure.apply(Failures.GONE));
            throw e;
        } catch (Exception e) {
            // What an interrupt broke on its way up is no news: then this throws.
            out.send(NOTHING);
            out.send(failure.apply(Problems.of(e)));
        }
    }

    private sealed interface Format {
        byte[] element(Object element);

        byte[] problem(Problems.Document problem);

        byte[] complete();
    }

    private record Events(Json json) implements Format {
        @Override
        public byte[] element(Object element) {
            return event("", element);
        }

        @Override
        public byte[] problem(Problems.Document problem) {
            return event("event: problem\n", problem);
        }

        @Override
        public byte[] complete() {
            return COMPLETE;
        }

        /// JSON has no line breaks, so the data is one line.
        private byte[] event(String name, Object data) {
            var frame = new ByteArrayOutputStream(256);
            frame.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            frame.writeBytes("data: ".getBytes(StandardCharsets.UTF_8));
            frame.writeBytes(json.write(data));
            frame.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
            return frame.toByteArray();
        }
    }

    private record Lines(Json json) implements Format {
        @Override
        public byte[] element(Object element) {
            var line = new ByteArrayOutputStream(256);
            line.writeBytes(json.write(element));
            line.write('\n');
            return line.toByteArray();
        }

        @Override
        public byte[] problem(Problems.Document problem) {
            return element(problem);
        }

        @Override
        public byte[] complete() {
            return NOTHING;
        }
    }

    /// A streaming call as HTTP carries it.
    private final class StreamRequest implements Request<I> {
        private final ServerRequest request;
        private final RequestBody body;

        StreamRequest(ServerRequest request, RequestBody body) {
            this.request = request;
            this.body = body;
        }

        @Override
        public Optional<String> idempotencyKey() {
            return Request.key(request.headers().all(RestRequest.IDEMPOTENCY_KEY, List::of));
        }

        @Override
        public String parameter(String name) {
            return request.path().pathParameters().get(name);
        }

        @Override
        public I input() {
            Negotiation.check(request.headers(), route.takesLines() ? StreamRoute.LINES : StreamRoute.EVENTS);
            if (!route.takesLines()) {
                return rest.json()
                        .readQuery(
                                RestRequest.query(request), route.description().input());
            }
            body.requireLines();
            return route.description().input().cast((Items<?>) this::next);
        }

        private Optional<Object> next() {
            return body.nextLine()
                    .map(line -> rest.operations()
                            .valid(rest.json().read(line, route.operation().item())));
        }
    }
}
