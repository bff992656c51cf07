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
import dev.slipway.core.Transactions;
import dev.slipway.security.Authenticator;
import dev.slipway.security.Callers;
import dev.slipway.security.RateLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
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
    private static final Problem REPEAT = Problem.of(
                    Kind.UNAVAILABLE,
                    "outcome-unknown",
                    "The connection to the database was lost at the end of the work; repeat it with its idempotency key.")
            .retryAfter(Duration.ofSeconds(1));

    /// Of a call with an idempotency key that would change nothing.
    public static final Problem KEY_UNSUPPORTED = Problem.of(
            Kind.INVALID,
            "idempotency-unsupported",
            "This operation takes no idempotency key: do not repeat its calls.");

    /// For a service without a database: there is nothing to undo.
    private static final class NoTransactions implements Transactions {
        @Override
        public <T, X extends Exception> T run(Mode mode, Predicate<? super T> commits, Work<T, X> work) throws X {
            return work.run();
        }
    }

    private static final List<OptionalLong> NONE = List.of(OptionalLong.empty());

    private final Assembly service;
    private final Authenticator authenticator;
    private final CallContexts contexts;
    private final Json json = new Json();
    private final Map<String, Description<?, ?>> offered = new LinkedHashMap<>();
    private Callers callers;
    private Optional<Transactions> transactions = Optional.empty();
    private Transactions changes = new NoTransactions();
    private Optional<KeptOutcomes> kept = Optional.empty();
    private Optional<RateLimits> limits = Optional.empty();
    private volatile @Nullable Validation validation;

    private Operations(Assembly service, Authenticator authenticator) {
        this.service = service;
        this.authenticator = authenticator;
        this.contexts = new CallContexts(service.name(), service.clock(), service.random());
        this.callers = new Callers(authenticator, Optional.empty());
    }

    /// Adds the rules to the service; they come before the protocols. In development and tests the management port
    /// lists what is offered, with the policies, at `/operations`.
    public static Operations open(Assembly service, Authenticator authenticator) {
        var operations = new Operations(service, authenticator);
        service.component("operations", operations);
        if (service.environment().allowsDevelopmentAids()) {
            service.management(
                    "/operations", exchange -> OperationList.serve(exchange, operations.offered(), operations.json()));
        }
        return operations;
    }

    /// In what the operations that change something do so; said before the protocols are opened.
    public Operations transactions(Transactions database) {
        transactions = Optional.of(database);
        changes = database;
        return this;
    }

    /// Where the answers of idempotent operations are kept, in the same database; said before the protocols are opened.
    ///
    /// @param keep for how long, at least; a key is free soon afterwards
    public Operations idempotency(Idempotency store, Duration keep) {
        kept = Optional.of(new KeptOutcomes(store, keep, json));
        return this;
    }

    /// How often callers may do what; said before the protocols are opened. Without this there is no limit.
    public Operations limits(RateLimits rules) {
        limits = Optional.of(rules);
        callers = new Callers(authenticator, limits);
        return this;
    }

    /// What the service offers, whatever the protocol, in the order of the wiring.
    public List<Description<?, ?>> offered() {
        return List.copyOf(offered.values());
    }

    /// Refuses the start of a service that offers an operation which lacks a policy or contradicts itself. Each
    /// protocol asks this of what it offers.
    public void check(Description<?, ?> description) {
        description.mistakes().forEach(service::refuse);
        offered.putIfAbsent(description.name(), description);
        if (description.idempotent() && (kept.isEmpty() || transactions.isEmpty())) {
            service.refuse(
                    description.name() + " is idempotent, but the service has no store or no transactions for it");
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
        var key = key(description, context, request);
        var parameters = parameters(description, request);
        var expected = description.conditional() ? expected(request) : NONE;
        var input = valid(request.input());
        var calls = new ArrayList<Call<I>>(expected.size());
        for (var version : expected) {
            calls.add(new Call<>(input, context, parameters, version));
        }
        return switch (operation.work()) {
            case Operation.Work.Read<I, O>(var handler) -> firstNotStale(calls, handler);
            case Operation.Work.Change<I, O>(var handler) ->
                firstNotStale(calls, call -> change(description, call, key, request, handler));
            case Operation.Work.PreparedChange<I, ?, O> prepared -> change(prepared, description, calls, key, request);
        };
    }

    /// Only one of several versions can be the right one, and the others change nothing.
    private static <I, O> Outcome<O> firstNotStale(List<Call<I>> calls, Operation.Handler<I, O> work) throws Exception {
        var outcome = work.handle(calls.getFirst());
        for (var next = 1; next < calls.size() && isStale(outcome); next++) {
            outcome = work.handle(calls.get(next));
        }
        return outcome;
    }

    private static boolean isStale(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?>(var problem) && problem.equals(Problem.stale());
    }

    private <I, P, O> Outcome<O> change(
            Operation.Work.PreparedChange<I, P, O> work,
            Description<I, O> description,
            List<Call<I>> calls,
            Optional<Idempotency.Key> key,
            Request<I> request)
            throws Exception {
        var first = calls.getFirst();
        var known = known(description, first, key, request);
        if (known.isPresent()) {
            return known.get();
        }
        Outcome<P> preparation;
        try {
            preparation = work.preparation().handle(first);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return knownAfter(e, description, first, key, request).orElseThrow(() -> e);
        }
        return switch (preparation) {
            // As a failure, it may be due to what the first call with this key did meanwhile.
            case Outcome.Refused<P>(var problem) ->
                known(description, first, key, request).orElseGet(() -> Outcome.refused(problem));
            case Outcome.Done<P>(var prepared, var version) ->
                firstNotStale(
                        calls,
                        call -> change(
                                description,
                                call,
                                key,
                                request,
                                same -> work.handler().handle(same, prepared)));
        };
    }

    private <I, O> Outcome<O> change(
            Description<I, O> description,
            Call<I> call,
            Optional<Idempotency.Key> key,
            Request<I> request,
            Operation.Handler<I, O> handler)
            throws Exception {
        return key.isEmpty()
                ? changes.run(
                        description.traits().transaction(),
                        outcome -> outcome instanceof Outcome.Done,
                        () -> handler.handle(call))
                : changeOnce(description, call, key.get(), request, () -> handler.handle(call));
    }

    private <I, O> Outcome<O> changeOnce(
            Description<I, O> description,
            Call<I> call,
            Idempotency.Key key,
            Request<I> request,
            Transactions.Work<Outcome<O>, Exception> work)
            throws Exception {
        var outcomes = kept.orElseThrow();
        try {
            var done = outcomes.once(outcomes.claim(key, call), description, work);
            request.kept(done.json());
            return done.outcome();
        } catch (ProblemException e) {
            // With its key the work is not done twice.
            throw e.problem().equals(Problem.outcomeUnknown()) ? new ProblemException(REPEAT, e.getCause()) : e;
        }
    }

    /// Where it cannot be found out, the failure is not told, but kept with the reason.
    private <I, O> Optional<Outcome<O>> knownAfter(
            Exception failure,
            Description<I, O> description,
            Call<I> call,
            Optional<Idempotency.Key> key,
            Request<I> request) {
        try {
            return known(description, call, key, request);
        } catch (RuntimeException e) {
            e.addSuppressed(failure);
            throw e;
        }
    }

    /// What is known of a call by its key, if it has one.
    private <I, O> Optional<Outcome<O>> known(
            Description<I, O> description, Call<I> call, Optional<Idempotency.Key> key, Request<I> request) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        var outcomes = kept.orElseThrow();
        var known = outcomes.find(outcomes.claim(key.get(), call), description);
        known.ifPresent(repeated -> request.kept(repeated.json()));
        return known.map(KeptOutcomes.Kept::outcome);
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
        key(description, context, request);
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

    /// A key that changes nothing must not be taken for a promise.
    private static Optional<Idempotency.Key> key(
            Description<?, ?> description, CallContext context, Request<?> request) {
        var sent = request.idempotencyKey();
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        if (!description.idempotent()) {
            throw KEY_UNSUPPORTED.asException();
        }
        if (!IDEMPOTENCY_VALUE.matcher(sent.get()).matches()) {
            var error = new FieldError("Idempotency-Key", "format", "must be 1 to 255 visible ASCII characters");
            throw Problem.invalid(List.of(error)).asException();
        }
        return Optional.of(
                new Idempotency.Key(description.name(), context.caller().id(), sent.get()));
    }
}
