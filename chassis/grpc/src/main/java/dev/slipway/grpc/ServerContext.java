package dev.slipway.grpc;

import dev.slipway.operation.Operations;
import dev.slipway.resilience.ConcurrencyLimit;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Semaphore;

/// What all methods of one server share.
///
/// @param door lets in as many unary calls at once as can be served in about the usual time
/// @param streams one permit for each streaming call
record ServerContext(
        String service,
        GrpcSettings settings,
        Operations operations,
        MeterRegistry meters,
        ConcurrencyLimit door,
        Semaphore streams) {}
