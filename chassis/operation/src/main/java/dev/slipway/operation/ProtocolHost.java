package dev.slipway.operation;

import dev.slipway.core.Assembly;
import io.micrometer.core.instrument.MeterRegistry;

/// What a protocol needs of the service that speaks it: REST, gRPC and GraphQL are opened on the same one.
public interface ProtocolHost {

    /// The service that is being put together.
    Assembly service();

    /// Where calls are counted.
    MeterRegistry meters();

    /// The chain that calls go through.
    Operations operations();

    static ProtocolHost of(Assembly service, MeterRegistry meters, Operations operations) {
        record Parts(Assembly service, MeterRegistry meters, Operations operations) implements ProtocolHost {}
        return new Parts(service, meters, operations);
    }
}
