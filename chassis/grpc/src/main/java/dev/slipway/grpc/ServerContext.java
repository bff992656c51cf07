package dev.slipway.grpc;

import dev.slipway.core.Time;
import dev.slipway.operation.Operations;
import dev.slipway.resilience.ConcurrencyLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.Timer;
import java.util.concurrent.Semaphore;

/// What all methods of one server share.
///
/// @param admission admits as many unary calls at once as can be served in about the usual time
/// @param streams one permit for each streaming call
/// @param waiting calls whose message has not arrived; at most one for each connection, on the average
/// @param openCalls all calls
/// @param deadlines those that the server sets. A wheel, whose hands nobody waits for: a timer that has to be woken
///     costs more than all else about a deadline
record ServerContext(
        String service,
        Time time,
        GrpcSettings settings,
        Operations operations,
        MeterRegistry meters,
        ConcurrencyLimit admission,
        Semaphore streams,
        WaitingCalls waiting,
        OpenCalls openCalls,
        Timer deadlines) {}
