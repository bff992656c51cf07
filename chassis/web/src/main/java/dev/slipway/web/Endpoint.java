package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.DataSize;
import dev.slipway.core.Problem;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.Set;

/// What answers at a path of the web server, behind its [Edge].
public interface Endpoint {

    /// What it is called in the context of its calls, for example `graphql`.
    String name();

    /// For example `/graphql`; a template, so that logs and metrics have few of them.
    String path();

    /// Whether it matters who calls.
    default boolean identifies() {
        return true;
    }

    /// The statuses that are known to be answered; counted from the start.
    default Set<Integer> statuses() {
        return Set.of();
    }

    /// A larger body is refused.
    DataSize maxBodySize();

    /// The deadline of a call, and how long a body may take.
    Duration requestTimeout();

    /// Serves a request that was let in. What it throws is answered as [#refused].
    ///
    /// @param cancellation interrupts the thread when the client goes or the deadline is over
    Answer answer(ServerRequest request, RequestBody body, CallContext context, Cancellation cancellation)
            throws Exception;

    /// Words a refusal, its own or the edge's; [Answer#because] belongs to it.
    Answer refused(ServerRequest request, CallContext context, Problem problem);
}
