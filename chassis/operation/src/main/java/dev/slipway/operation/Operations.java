package dev.slipway.operation;

import dev.slipway.core.Assembly;
import dev.slipway.core.CallContext;
import dev.slipway.core.CallContexts;
import dev.slipway.core.Caller;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.security.Authenticator;
import dev.slipway.security.Callers;
import dev.slipway.security.RateLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rules by which every protocol of a service serves calls; one for REST, gRPC and GraphQL.
///
/// Whoever calls, the edge of a protocol or a part of the service itself, makes a [CallContext] (who calls, request id,
/// trace, deadline) and binds it; [#perform] and [#stream] do the rest, which is the same for all of them. Thread-safe.
public final class Operations implements Component {
    private static final Pattern IDEMPOTENCY_VALUE = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Problem NO_SUCH_THING = Problem.notFound("There is no such resource.");
    private static final Problem UNSAID = Problem.of(
            Kind.PRECONDITION_REQUIRED,
            "version-required",
            "Say which version you have seen: the ETag in If-Match, or the expected version.");

    private final Assembly service;
    private final Authenticator authenticator;
    private final CallContexts contexts;
    private final Json json = new Json();
    private Callers callers;
    private Optional<Idempotency> idempotency = Optional.empty();
    private Optional<RateLimits> limits = Optional.empty();
    private volatile @Nullable Validation validation;

    private Operations(Assembly service, Authenticator authenticator) {
        this.service = service;
        this.authenticator = authenticator;
        this.contexts = new CallContexts(service.name(), service.clock());
        this.callers = new Callers(authenticator, Optional.empty());
    }

    /// Adds the rules to the service; they come before the protocols.
    public static Operations open(Assembly service, Authenticator authenticator) {
        var operations = new Operations(service, authenticator);
        service.component("operations", operations);
        return operations;
    }

    /// Where the answers of idempotent operations are kept; said before the protocols are opened.
    public Operations idempotency(Idempotency store) {
        idempotency = Optional.of(store);
        return this;
    }

    /// How often callers may do what; said before the protocols are opened. Without this there is no limit.
    public Operations limits(RateLimits rules) {
        limits = Optional.of(rules);
        callers = new Callers(authenticator, limits);
        return this;
    }

    /// Refuses the start of a service that offers an operation which lacks a policy or contradicts itself. Each
    /// protocol asks this of what it offers.
    public void check(Description<?, ?> description) {
        description.mistakes().forEach(service::refuse);
        if (description.idempotent() && idempotency.isEmpty()) {
            service.refuse(description.name() + " is idempotent, but the service has no store for it");
        }
    }

    /// Validation is a large library.
    @Override
    public void prepare() {
        validation = new Validation();
    }

    @Override
    public void start() {}

    @Override
    public void close() {
        var now = validation;
        if (now != null) {
            now.close();
        }
    }

    /// Makes the contexts of this service's calls.
    public CallContexts contexts() {
        return contexts;
    }

    /// Finds out who calls.
    public Callers callers() {
        return callers;
    }

    /// JSON as all protocols read and write it.
    public Json json() {
        return json;
    }

    /// One call, from the policy to the outcome. A [ProblemException] says what the caller is told; of anything else,
    /// [Failures#of] does.
    public <I, O> Outcome<O> perform(Operation<I, O> operation, Request<I> request) throws Exception {
        var description = operation.description();
        var context = context();
        admit(description, context, request);
        var parameters = parameters(description, request);
        var expected = description.conditional() ? expected(request) : OptionalLong.empty();
        var input = valid(request.input());
        var call = new Call<>(input, context, parameters, expected);
        var key = description.idempotent()
                ? idempotencyKey(description, context, request)
                : Optional.<Idempotency.Key>empty();
        return key.isPresent()
                ? StoredOutcome.once(
                        idempotency.orElseThrow(),
                        key.get(),
                        StoredOutcome.fingerprint(call, json()),
                        () -> operation.handler().handle(call),
                        description,
                        json())
                : operation.handler().handle(call);
    }

    /// A streaming call that the chain has let pass and that has not begun.
    @FunctionalInterface
    public interface Ready<O> {
        /// Returns when the stream has ended; once only. What [#perform] says of exceptions holds here too.
        void run(Emitter<O> out) throws Exception;
    }

    /// The first half of a streaming call, from the policy to the validated input: what fails here is answered as the
    /// failure of any other call.
    public <I, O> Ready<O> begin(Streaming<I, O> operation, Request<I> request) throws Exception {
        var description = operation.description();
        var context = context();
        admit(description, context, request);
        var parameters = parameters(description, request);
        var input = operation.takesItems() ? request.input() : valid(request.input());
        var call = new Call<>(input, context, parameters, OptionalLong.empty());
        return out -> operation.handler().handle(call, out);
    }

    /// Both halves of a streaming call.
    public <I, O> void stream(Streaming<I, O> operation, Request<I> request, Emitter<O> out) throws Exception {
        begin(operation, request).run(out);
    }

    /// Checks a value against the constraints on its components; for the elements of a stream.
    ///
    /// @throws ProblemException with every violation, sorted by field
    public <T> T valid(T value) {
        var now = validation;
        if (now == null) {
            throw new IllegalStateException("the operations have not started");
        }
        return now.check(value);
    }

    private static CallContext context() {
        if (!CallContext.CURRENT.isBound()) {
            throw new IllegalStateException("a call needs a context that says who calls; see CallContexts");
        }
        return CallContext.CURRENT.get();
    }

    private void admit(Description<?, ?> description, CallContext context, Request<?> request) {
        enforcePolicy(description, context.caller(), request);
        if (limits.isPresent()) {
            var decision = limits.get().take(description.name(), context.caller(), context.address(), 1);
            decision.budget().ifPresent(request::budget);
            decision.enforce();
        }
    }

    private static void enforcePolicy(Description<?, ?> description, Caller caller, Request<?> request) {
        description.policy().orElseThrow().enforce(caller, request::parameter);
    }

    private static Map<Parameter<?>, Object> parameters(Description<?, ?> description, Request<?> request) {
        if (description.parameters().isEmpty()) {
            return Map.of();
        }
        var values = HashMap.<Parameter<?>, Object>newHashMap(
                description.parameters().size());
        for (var parameter : description.parameters()) {
            try {
                values.put(parameter, parameter.parser().apply(request.parameter(parameter.name())));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(NO_SUCH_THING, e);
            }
        }
        return values;
    }

    private static OptionalLong expected(Request<?> request) {
        return switch (request.expected()) {
            case Expected.Unsaid() -> throw UNSAID.asException();
            case Expected.Any() -> OptionalLong.empty();
            case Expected.Exactly(var version) -> OptionalLong.of(version);
        };
    }

    private static Optional<Idempotency.Key> idempotencyKey(
            Description<?, ?> description, CallContext context, Request<?> request) {
        return request.idempotencyKey().map(value -> {
            if (!IDEMPOTENCY_VALUE.matcher(value).matches()) {
                var error = new FieldError("Idempotency-Key", "format", "must be 1 to 255 visible ASCII characters");
                throw Problem.invalid(List.of(error)).asException();
            }
            return new Idempotency.Key(description.name(), context.caller().id(), value);
        });
    }
}
