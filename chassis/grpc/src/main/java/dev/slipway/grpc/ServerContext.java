package dev.slipway.grpc;

import dev.slipway.operation.Operations;
import dev.slipway.resilience.ConcurrencyLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.Timer;
import java.util.concurrent.Semaphore;

/// What all methods of one server share.
///
/// @param admission admits as many unary calls at once as can be served in about the usual time
/// @param streams one permit for each streaming call
/// @param openStreams those calls
/// @param deadlines those that the server sets. A wheel, whose hands nobody waits for: a timer that has to be woken
///     costs more than all else about a deadline
record ServerContext(
        String service,
        GrpcSettings settings,
        Operations operations,
        MeterRegistry meters,
        ConcurrencyLimit admission,
        Semaphore streams,
        OpenStreams openStreams,
        Timer deadlines) {}
