package dev.slipway.core;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes the contexts of a service's calls, whatever the calls come by, and knows by the service's clock what time they have:
/// the deadline of a call stands in its context and nowhere else. Thread-safe.
public final class CallContexts {
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Caller ANONYMOUS = new Caller.Anonymous();

    private final String service;
    private final Clock clock;
    private final RandomGenerator random;

    /// @param random for the ids of calls and spans
    public CallContexts(String service, Clock clock, RandomGenerator random) {
        this.service = service;
        this.clock = clock;
        this.random = random;
    }

    /// Of a request, whose caller is not known yet.
    ///
    /// @param operation its name, or the route's if it is not known yet
    /// @param requestId as the client sent it; one that is missing, long or has strange characters is replaced
    /// @param correlationId as the client sent it; the request's id stands for one that is no such text
    /// @param traceparent as the client sent it
    /// @param limit how long the answer may take
    public CallContext ofRequest(
            String operation,
            @Nullable String requestId,
            @Nullable String correlationId,
            @Nullable String traceparent,
            Duration limit) {
        var id = safe(requestId, newId());
        return new CallContext(
                service,
                operation,
                id,
                trace(traceparent),
                ANONYMOUS,
                "",
                Optional.of(after(limit)),
                safe(correlationId, id),
                Optional.empty());
    }

    /// Of what a part of the service does on its own account, because it is time to.
    ///
    /// @param limit how long it may take
    public CallContext ofSchedule(String operation, Caller.Service caller, Duration limit) {
        return new CallContext(service, operation, newId(), trace(null), caller, Optional.of(after(limit)));
    }

    /// Of what a message makes a part of the service do.
    ///
    /// @param messageId becomes the cause of the call, and of what the call causes
    /// @param correlationId as the message has it; the message's own id if it has none
    /// @param traceparent as the message has it
    /// @param limit how long it may take
    public CallContext ofMessage(
            String operation,
            Caller.Service caller,
            String messageId,
            Optional<String> correlationId,
            @Nullable String traceparent,
            Duration limit) {
        return new CallContext(
                service,
                operation,
                newId(),
                trace(traceparent),
                caller,
                "",
                Optional.of(after(limit)),
                correlationId.orElse(messageId),
                Optional.of(messageId));
    }

    /// The same call with this much time, from now on.
    public CallContext withLimit(CallContext call, Duration limit) {
        return call.withDeadline(after(limit));
    }

    /// Whether the answer of a call is of no more use; never if it has no deadline.
    public boolean isLate(CallContext call) {
        return call.deadline().isPresent()
                && clock.instant().isAfter(call.deadline().get());
    }

    /// How long the answer of a call is still of use; negative if it is no more.
    ///
    /// @throws IllegalArgumentException if the call has no deadline
    public Duration timeLeft(CallContext call) {
        return Duration.between(
                clock.instant(),
                call.deadline().orElseThrow(() -> new IllegalArgumentException("the call has no deadline")));
    }

    private Instant after(Duration limit) {
        return clock.instant().plus(limit);
    }

    private static String safe(@Nullable String sent, String otherwise) {
        return sent != null && SAFE_ID.matcher(sent).matches() ? sent : otherwise;
    }

    private String newId() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    private TraceContext trace(@Nullable String traceparent) {
        return TraceContext.continuing(traceparent, random);
    }
}
