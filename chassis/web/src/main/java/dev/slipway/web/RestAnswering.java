package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.DataSize;
import dev.slipway.core.Problem;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;

/// An endpoint of REST: bounded by `http`, with problem documents.
interface RestAnswering extends Endpoint {
    RestContext rest();

    @Override
    default DataSize maxBodySize() {
        return rest().settings().maxBodySize();
    }

    @Override
    default Duration requestTimeout() {
        return rest().settings().requestTimeout();
    }

    @Override
    default Answer refused(ServerRequest request, CallContext context, Problem problem) {
        return Answer.refused(problem, context.requestId(), rest().json());
    }
}
