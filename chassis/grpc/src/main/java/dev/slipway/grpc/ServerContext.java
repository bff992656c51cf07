package dev.slipway.grpc;

import dev.slipway.operation.Operations;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Semaphore;

/// What all methods of one server share.
///
/// @param calls one permit for each unary call that may be served at once
/// @param streams one permit for each streaming call
record ServerContext(
        String service,
        GrpcSettings settings,
        Operations operations,
        MeterRegistry meters,
        Semaphore calls,
        Semaphore streams) {}
