package dev.slipway.core;

import java.time.Instant;
import java.util.Optional;

/// What is known about the call that this thread serves; travels down the call by [ScopedValue].
///
/// @param service the service that is called
/// @param operation the name of the use case, for example `createProfile`
/// @param requestId the id that the client sees and the logs carry
/// @param trace where the call stands in a distributed trace
/// @param caller who calls
/// @param address of the client, where anything depends on it; else empty
/// @param deadline when the answer is of no more use
/// @param correlationId what all calls and messages have in common that come of one beginning
/// @param causationId the message that made this call; empty if it was a request or a schedule
public record CallContext(
        String service,
        String operation,
        String requestId,
        TraceContext trace,
        Caller caller,
        String address,
        Optional<Instant> deadline,
        String correlationId,
        Optional<String> causationId) {

    /// A call with which something begins, of a client whose address does not matter.
    public CallContext(
            String service,
            String operation,
            String requestId,
            TraceContext trace,
            Caller caller,
            Optional<Instant> deadline) {
        this(service, operation, requestId, trace, caller, "", deadline, requestId, Optional.empty());
    }

    /// Bound by whoever makes a call, the edge of a protocol for example, for the time of the call.
    public static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

    /// The call that this thread serves, if it serves one.
    public static Optional<CallContext> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /// The same call, once it is known who calls.
    public CallContext withCaller(Caller known) {
        return new CallContext(
                service, operation, requestId, trace, known, address, deadline, correlationId, causationId);
    }

    /// The same call as a part of which this operation is called.
    public CallContext withOperation(String other) {
        return new CallContext(service, other, requestId, trace, caller, address, deadline, correlationId, causationId);
    }

    /// The same call, once it is known from where.
    public CallContext withAddress(String known) {
        return new CallContext(
                service, operation, requestId, trace, caller, known, deadline, correlationId, causationId);
    }

    /// The same call with another time.
    public CallContext withDeadline(Instant sooner) {
        return withDeadline(Optional.of(sooner));
    }

    /// The same call while it streams, which takes as long as it takes.
    public CallContext withoutDeadline() {
        return withDeadline(Optional.empty());
    }

    private CallContext withDeadline(Optional<Instant> other) {
        return new CallContext(
                service, operation, requestId, trace, caller, address, other, correlationId, causationId);
    }

    /// For whom the call is, if there is more than one tenant.
    public Optional<String> tenant() {
        return caller.tenant();
    }
}
