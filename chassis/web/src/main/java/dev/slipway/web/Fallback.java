package dev.slipway.web;

import dev.slipway.core.CallContext;
import io.helidon.webserver.http.ServerRequest;

/// Answers where no route does.
record Fallback(RestContext rest, String name, String path, Reply reply) implements RestAnswering {
    @FunctionalInterface
    interface Reply {
        /// @throws dev.slipway.core.ProblemException if there is nothing but a refusal
        Answer to(ServerRequest request);
    }

    @Override
    public boolean identifies() {
        return false;
    }

    @Override
    public Answer answer(ServerRequest request, RequestBody body, CallContext context, Cancellation cancellation) {
        return reply.to(request);
    }
}
