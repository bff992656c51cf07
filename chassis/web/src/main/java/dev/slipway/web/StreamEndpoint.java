package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Items;
import dev.slipway.operation.Json;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Request;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves one streaming route.
final class StreamEndpoint<I, O> {
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] COMPLETE = "event: complete\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);
    private static final List<Header> EVENTS = headers(StreamRoute.EVENTS);
    private static final List<Header> LINES = headers(StreamRoute.LINES);

    private final StreamRoute<I, O> route;
    private final RestContext rest;
    private final Edge edge;

    StreamEndpoint(StreamRoute<I, O> route, RestContext rest) {
        this.route = route;
        this.rest = rest;
        this.edge = new Edge(rest, route.name(), route.method(), route.path(), true, this::answer);
    }

    void serve(ServerRequest request, ServerResponse response) {
        edge.serve(request, response);
    }

    private static List<Header> headers(String mediaType) {
        return List.of(
                HeaderValues.createCached(HeaderNames.CONTENT_TYPE, mediaType),
                Answer.NO_STORE,
                // Asks proxies not to hold the stream back.
                HeaderValues.createCached("X-Accel-Buffering", "no"));
    }

    private Answer answer(ServerRequest request, RequestBody body, CallContext context) throws Exception {
        var ready = rest.operations().prepare(route.operation(), new StreamRequest(request, body, context.caller()));
        var json = rest.json();
        Answer.Writer writer = route.takesLines()
                ? out -> run(ready, out, new Lines(json), context)
                : out -> run(ready, out, new Events(json), context);
        return new Answer(200, route.takesLines() ? LINES : EVENTS, new Answer.Stream(writer), false);
    }

    private void run(Operations.Ready<O> ready, OutputStream out, Format format, CallContext context)
            throws InterruptedException, IOException {
        var stream = new LiveStream(out, format.heartbeat());
        Emitter<O> emitter = element -> stream.write(format.element(element));
        out.flush();
        rest.beats().add(stream);
        try {
            ScopedValue.where(CallContext.CURRENT, context.withoutDeadline()).call(() -> {
                ready.run(emitter);
                return null;
            });
            stream.write(format.complete());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            stream.write(format.problem(Problems.document(Problems.of(e), context.requestId())));
        } finally {
            rest.beats().remove(stream);
        }
    }

    private sealed interface Format {
        byte[] element(Object element);

        byte[] problem(Problems.Document problem);

        byte[] complete();

        byte[] heartbeat();
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

        @Override
        public byte[] heartbeat() {
            return COMMENT;
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
            return new byte[0];
        }

        @Override
        public byte[] heartbeat() {
            return new byte[0];
        }
    }

    /// A streaming call as HTTP carries it.
    private final class StreamRequest implements Request<I> {
        private final ServerRequest request;
        private final RequestBody body;
        private final Caller caller;

        StreamRequest(ServerRequest request, RequestBody body, Caller caller) {
            this.request = request;
            this.body = body;
            this.caller = caller;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public String address() {
            return Edge.address(request, rest);
        }

        @Override
        public String parameter(String name) {
            return request.path().pathParameters().get(name);
        }

        @Override
        public I input() {
            if (!route.takesLines()) {
                return rest.json().readQuery(query(), route.description().input());
            }
            body.requireLines();
            return route.description().input().cast((Items<?>) this::next);
        }

        private Optional<Object> next() {
            return body.nextLine()
                    .map(line -> rest.operations()
                            .valid(rest.json().read(line, route.operation().item())));
        }

        private Map<String, Object> query() {
            var query = new HashMap<String, Object>();
            request.query()
                    .toMap()
                    .forEach((name, values) -> query.put(name, values.size() == 1 ? values.getFirst() : values));
            return query;
        }
    }
}
