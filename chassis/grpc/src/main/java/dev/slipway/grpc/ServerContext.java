package dev.slipway.grpc;

import dev.slipway.core.Time;
import dev.slipway.operation.Operations;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.Timer;

/// What all methods of one server share.
///
/// @param admission admits as many unary calls at once as can be served in about the usual time
/// @param streams those that are open, by whoever opened them
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
        StreamLimit streams,
        WaitingCalls waiting,
        OpenCalls openCalls,
        Timer deadlines) {}
