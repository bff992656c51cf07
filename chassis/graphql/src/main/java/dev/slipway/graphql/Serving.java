package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Failures;
import dev.slipway.operation.Operations;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.RateLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the transports of one service share: the engine, who calls, bounds, metrics and the access log. Thread-safe.
final class Serving {
    private static final Logger ACCESS = LoggerFactory.getLogger("access");
    static final Problem TOO_MANY = Problem.of(
            Kind.TOO_MANY, "too-many-subscriptions", "No more subscriptions are served; end one, or try again later.");

    /// How any operation may end, whatever it does; there from the start, at 0: a first failure is an increase, too.
    private static final List<String> DECLARED = Stream.concat(
                    Stream.of(Served.DONE),
                    Stream.of(Failures.INTERNAL, Failures.LATE, Failures.OVERLOADED, Failures.STOPPING)
                            .map(Problem::code))
            .toList();

    private final Engine engine;
    private final Operations operations;
    private final GraphQlSettings settings;
    private final MeterRegistry meters;
    private final Watch watch;
    private final Time time;
    private final Semaphore subscriptions;
    private final Semaphore subscribed;
    private final Wire wire = new Wire();
    private final Map<Ending, Timer> timers = new ConcurrentHashMap<>();
    private volatile boolean draining;

    /// @param types of operations that the schema has
    Serving(Set<String> types, Engine engine, ProtocolHost host, GraphQlSettings settings, Watch watch) {
        this.engine = engine;
        this.operations = host.operations();
        this.settings = settings;
        this.meters = host.meters();
        this.watch = watch;
        this.time = host.service().time();
        this.subscriptions = new Semaphore(settings.maxSubscriptions());
        this.subscribed = new Semaphore(settings.maxSubscriptionsSize().intBytes());
        Gauge.builder(
                        "graphql.server.subscriptions",
                        subscriptions,
                        free -> settings.maxSubscriptions() - free.availablePermits())
                .description("Subscriptions that are open")
                .register(meters);
        Gauge.builder("graphql.server.documents", engine, Engine::kept)
                .description("Memory of the documents that are kept")
                .baseUnit("bytes")
                .register(meters);
        for (var type : types) {
            for (var transport : Served.transports(type)) {
                DECLARED.forEach(outcome -> timer(new Ending(type, transport, outcome)));
            }
        }
    }

    Operations operations() {
        return operations;
    }

    GraphQlSettings settings() {
        return settings;
    }

    Watch watch() {
        return watch;
    }

    Time time() {
        return time;
    }

    Wire wire() {
        return wire;
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    Engine.Plan plan(Command command, Caller caller) throws Engine.RefusedException {
        return engine.plan(command, caller);
    }

    /// Executes a query or mutation within the deadline.
    ///
    /// @param budget told what is left to the caller after each field that counts
    /// @param begun told of the work, so that it can be ended from outside
    Engine.Result execute(
            Engine.Plan plan, CallContext context, Consumer<RateLimits.Budget> budget, Consumer<Execution> begun) {
        var execution = new Execution(operations.contexts(), context, budget);
        begun.accept(execution);
        watch.begin(execution);
        try {
            return ScopedValue.where(CallContext.CURRENT, context).call(() -> engine.execute(plan, execution));
        } finally {
            watch.end(execution);
        }
    }

    /// Serves a subscription on this thread, until the stream ends, the token expires, or the thread is interrupted.
    ///
    /// @param authorization proves the caller again before each event
    /// @return why it could not begin or ended early; no failures if it ended by itself
    Engine.Result subscribe(
            Engine.Plan plan, CallContext context, List<String> authorization, Emitter<Engine.Result> out)
            throws InterruptedException {
        var size = Math.max(plan.command().size(), plan.document().length());
        if (!subscriptions.tryAcquire()) {
            return Engine.Result.refused(TOO_MANY);
        }
        if (!subscribed.tryAcquire(size)) {
            subscriptions.release();
            return Engine.Result.refused(TOO_MANY);
        }
        try {
            var endless = context.withoutDeadline();
            return ScopedValue.where(CallContext.CURRENT, endless)
                    .call(() -> engine.subscribe(plan, endless, result -> {
                        operations.callers().identifyAgain(authorization);
                        out.send(result);
                    }));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return Engine.Result.refused(Failures.of(e));
        } finally {
            subscribed.release(size);
            subscriptions.release();
        }
    }

    /// The address of the client.
    String client(SocketAddress peer, List<String> forwardedFor) {
        return peer instanceof InetSocketAddress known
                ? operations.callers().address(known.getAddress().getHostAddress(), forwardedFor)
                : "";
    }

    /// The call's context once it is known who calls.
    ///
    /// @param peer who is connected
    CallContext identified(
            CallContext context, List<String> authorization, SocketAddress peer, List<String> forwardedFor) {
        var address = client(peer, forwardedFor);
        return context.withAddress(address).withCaller(operations.callers().identify(authorization, address));
    }

    /// Counts one request.
    ///
    /// @return what the access log should say of it
    Map<String, ?> count(Served served, long nanos) {
        timer(new Ending(served.type(), served.transport(), served.outcome())).record(nanos, TimeUnit.NANOSECONDS);
        return served.details();
    }

    /// Counts and logs one request that did not come by HTTP; one line, whatever was wrong with it.
    void log(Served served, CallContext context, long nanos) {
        ScopedValue.where(CallContext.CURRENT, context).run(() -> write(served, context.caller(), nanos));
    }

    private void write(Served served, Caller caller, long nanos) {
        var line = ACCESS.atInfo().addKeyValue("method", "GRAPHQL");
        for (var detail : count(served, nanos).entrySet()) {
            line = line.addKeyValue(detail.getKey(), detail.getValue());
        }
        line.addKeyValue("ms", Math.round(nanos / 10_000.0) / 100.0)
                .addKeyValue("caller", caller.id())
                .log("served");
    }

    private Timer timer(Ending ending) {
        return timers.computeIfAbsent(
                ending,
                it -> Timer.builder("graphql.server.requests")
                        .description("GraphQL requests")
                        .tags("type", it.type(), "transport", it.transport(), "outcome", it.outcome())
                        .register(meters));
    }

    /// What requests are counted by. The codes of problems are the service's own, so there are not many.
    private record Ending(String type, String transport, String outcome) {}

    /// What an answer says about the load: nothing, if its work was ended early by whoever waited for it.
    static ConcurrencyLimit.Sample outcome(Engine.Result result) {
        var problems = result.failures().stream().map(Failure::problem).collect(Collectors.toSet());
        if (problems.contains(Failures.LATE)) {
            return ConcurrencyLimit.Sample.OVERLOADED;
        }
        var isMeasured =
                result.executed() && !problems.contains(Failures.GONE) && !problems.contains(Failures.STOPPING);
        return isMeasured ? ConcurrencyLimit.Sample.SERVED : ConcurrencyLimit.Sample.UNMEASURED;
    }

    /// A problem that was thrown, as an answer.
    static Engine.Result refusal(Exception e) {
        return switch (e) {
            case Engine.RefusedException refused -> Engine.Result.refused(refused.failures());
            case ProblemException known
            when !known.problem().kind().isFailure() -> Engine.Result.refused(known.problem());
            default -> Engine.Result.refused(Failures.of(e));
        };
    }
}
