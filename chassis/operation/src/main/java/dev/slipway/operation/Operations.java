package dev.slipway.operation;

import dev.slipway.core.Assembly;
import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Component;
import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.TraceContext;
import dev.slipway.security.Authenticator;
import dev.slipway.security.RateLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rules by which every protocol of a service serves calls; one for REST, gRPC and GraphQL.
///
/// The edge of a protocol first makes a [CallContext] (request id, trace, deadline), binds it with the caller that
/// [#authenticate] finds, and then lets [#perform] or [#stream] do the rest, which is the same for all of them.
/// Thread-safe.
public final class Operations implements Component {
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern IDEMPOTENCY_VALUE = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Problem NO_SUCH_THING = Problem.notFound("There is no such resource.");
    private static final Problem UNSAID = Problem.of(
            Kind.PRECONDITION_REQUIRED,
            "version-required",
            "Say which version you have seen: the ETag in If-Match, or the expected version.");

    private static final List<OptionalLong> NONE = List.of(OptionalLong.empty());

    private final Assembly service;
    private final String name;
    private final Clock clock;
    private final Authenticator authenticator;
    private Optional<Idempotency> idempotency = Optional.empty();
    private Optional<RateLimits> limits = Optional.empty();
    private volatile @Nullable Validation validation;
    private @Nullable Json json;

    private Operations(Assembly service, Authenticator authenticator) {
        this.service = service;
        this.name = service.name();
        this.clock = service.clock();
        this.authenticator = authenticator;
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

    /// JSON as all protocols read and write it.
    public synchronized Json json() {
        if (json == null) {
            json = new Json();
        }
        return json;
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

    /// The context of a call whose caller is not known yet.
    ///
    /// @param operation its name, or the route's if it is not known yet
    /// @param requestId as the client sent it; one that is missing, long or has strange characters is replaced
    /// @param traceparent as the client sent it
    /// @param limit how long the answer may take
    public CallContext context(
            String operation, @Nullable String requestId, @Nullable String traceparent, Duration limit) {
        var random = ThreadLocalRandom.current();
        var id = requestId != null && SAFE_ID.matcher(requestId).matches()
                ? requestId
                : HexFormat.of().toHexDigits(random.nextLong());
        return new CallContext(
                name,
                operation,
                id,
                TraceContext.continuing(traceparent, random),
                new Caller.Anonymous(),
                Optional.of(clock.instant().plus(limit)));
    }

    /// Whether anything depends on the client's address.
    public boolean isLimited() {
        return limits.isPresent();
    }

    /// The address of the client: the peer, or who is behind the trusted proxies; see [RateLimits#client].
    public String client(String peer, List<String> forwardedFor) {
        return limits.map(rules -> rules.client(peer, forwardedFor)).orElse(peer);
    }

    /// Finds out who calls, unless their address calls too often; see [Authenticator#authenticate].
    ///
    /// @param address of the client
    public Caller authenticate(List<String> authorization, String address) {
        if (limits.isPresent()) {
            limits.get().arrive(address).enforce();
        }
        return authenticator.authenticate(authorization);
    }

    /// Whether who called is still who they were: their token may have expired while a stream went on. Not counted.
    public Caller authenticateAgain(List<String> authorization) {
        return authenticator.authenticate(authorization);
    }

    /// One call, from the policy to the outcome. A [ProblemException] says what the caller is told; of anything else,
    /// [Failures#of] does.
    public <I, O> Outcome<O> perform(Operation<I, O> operation, Request<I> request) throws Exception {
        var description = operation.description();
        admit(description, request);
        var parameters = parameters(description, request);
        var expected = description.conditional() ? expected(request) : NONE;
        var input = valid(request.input());
        var call = new Call<>(input, request.caller(), parameters, expected.getFirst());
        var key = description.idempotent() ? idempotencyKey(description, request) : Optional.<Idempotency.Key>empty();
        return key.isPresent()
                ? StoredOutcome.once(
                        idempotency.orElseThrow(),
                        key.get(),
                        StoredOutcome.fingerprint(call, json()),
                        () -> handle(operation, call, expected),
                        description,
                        json())
                : handle(operation, call, expected);
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
        admit(description, request);
        var parameters = parameters(description, request);
        var input = operation.takesItems() ? request.input() : valid(request.input());
        var call = new Call<>(input, request.caller(), parameters, OptionalLong.empty());
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

    private void admit(Description<?, ?> description, Request<?> request) {
        enforcePolicy(description, request);
        if (limits.isPresent()) {
            var decision = limits.get()
                    .take(
                            description.name(),
                            request.caller(),
                            CallContext.current().map(CallContext::address).orElse(""),
                            1);
            decision.budget().ifPresent(request::budget);
            decision.enforce();
        }
    }

    private static void enforcePolicy(Description<?, ?> description, Request<?> request) {
        var policy = description.policy().orElseThrow();
        if (description.parameters().isEmpty()) {
            policy.enforce(request.caller(), Map.of());
            return;
        }
        var target = HashMap.<String, String>newHashMap(description.parameters().size());
        for (var parameter : description.parameters()) {
            target.put(parameter.name(), request.parameter(parameter.name()));
        }
        policy.enforce(request.caller(), target);
    }

    private static Map<Parameter<?>, Object> parameters(Description<?, ?> description, Request<?> request) {
        if (description.parameters().isEmpty()) {
            return Map.of();
        }
        var values = HashMap.<Parameter<?>, Object>newHashMap(
                description.parameters().size());
        for (var parameter : description.parameters()) {
            var text = request.parameter(parameter.name());
            Storable.requireText(parameter.name(), text);
            try {
                values.put(parameter, parameter.parser().apply(text));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(NO_SUCH_THING, e);
            }
        }
        return values;
    }

    private static List<OptionalLong> expected(Request<?> request) {
        return switch (request.expected()) {
            case Expected.Unsaid() -> throw UNSAID.asException();
            case Expected.Any() -> NONE;
            case Expected.Exactly(var version) -> List.of(OptionalLong.of(version));
            case Expected.OneOf(var versions) ->
                versions.stream().map(OptionalLong::of).toList();
        };
    }

    /// @param versions of which the first stands in the call; only one can be the right one, and the others change nothing
    private static <I, O> Outcome<O> handle(Operation<I, O> operation, Call<I> call, List<OptionalLong> versions)
            throws Exception {
        var outcome = operation.handler().handle(call);
        for (var next : versions.subList(1, versions.size())) {
            if (!(outcome instanceof Outcome.Refused<O>(var problem)) || !problem.equals(Problem.stale())) {
                break;
            }
            outcome = operation.handler().handle(new Call<>(call.input(), call.caller(), call.parameters(), next));
        }
        return outcome;
    }

    private static Optional<Idempotency.Key> idempotencyKey(Description<?, ?> description, Request<?> request) {
        return request.idempotencyKey().map(value -> {
            if (!IDEMPOTENCY_VALUE.matcher(value).matches()) {
                var error = new FieldError("Idempotency-Key", "format", "must be 1 to 255 visible ASCII characters");
                throw Problem.invalid(List.of(error)).asException();
            }
            return new Idempotency.Key(description.name(), request.caller().id(), value);
        });
    }
}
