package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.DataSize;
import dev.slipway.core.Problem;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;

/// Serves a path by another protocol than REST, behind the same edge; see [Mount#endpoint].
public interface Mounted {

    /// What it is called in the context of its calls, for example `graphql`.
    String name();

    /// For example `/graphql`; without parameters.
    String path();

    /// What it serves; other methods are refused.
    SortedSet<String> methods();

    /// The request headers of its own that pages of known origins may send.
    List<String> headers();

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
