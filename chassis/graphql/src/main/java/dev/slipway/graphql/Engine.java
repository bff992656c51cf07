package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Operations;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.execution.AsyncExecutionStrategy;
import graphql.execution.AsyncSerialExecutionStrategy;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.execution.ExecutionId;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.language.OperationDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/// Answers GraphQL, whatever it came by. Resolvers block: everything is done on the thread that asks, except that the
/// root fields of a query are worked on at the same time if there are several. Thread-safe.
final class Engine {
    private static final Problem UNKNOWN_OPERATION = Problem.of(
            Kind.INVALID,
            "graphql-operation-unknown",
            "Say with operationName which operation of the document is meant.");
    private static final Problem TOO_COSTLY =
            Problem.of(Kind.INVALID, "graphql-too-costly", "The operation asks for more than is served at once.");

    private final Wiring wiring;
    private final Documents documents;
    private final GraphQlSettings settings;
    private final Operations operations;
    private final BiConsumer<Caller, Long> charge;
    private final GraphQL graphql;

    /// A document's operation that may be executed.
    ///
    /// @param cost with the variables put in
    record Plan(Prepared.Accepted document, Prepared.Step step, Command command, long cost) {
        boolean isSubscription() {
            return step.type() == OperationDefinition.Operation.SUBSCRIPTION;
        }

        /// Whether an idempotency key of the request can only be meant for one call.
        boolean isOneMutation() {
            return step.type() == OperationDefinition.Operation.MUTATION && step.calls() == 1;
        }

        boolean isQuery() {
            return step.type() == OperationDefinition.Operation.QUERY;
        }
    }

    /// An answer.
    ///
    /// @param executed whether the operation was begun; if not, there is no `data`
    record Result(boolean executed, @Nullable Object data, List<Failure> failures) {
        Result {
            failures = List.copyOf(failures);
        }

        static Result refused(List<Failure> failures) {
            return new Result(false, null, failures);
        }

        static Result refused(Problem problem) {
            return refused(List.of(Failure.of(problem)));
        }

        Map<String, Object> toMap(String requestId) {
            var map = new LinkedHashMap<String, Object>();
            if (!failures.isEmpty()) {
                map.put(
                        "errors",
                        failures.stream()
                                .map(failure -> failure.toMap(requestId))
                                .toList());
            }
            if (executed) {
                map.put("data", data);
            }
            return map;
        }
    }

    /// Why a command has no plan.
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient List<Failure> failures;

        RefusedException(List<Failure> failures) {
            super(failures.getFirst().problem().code(), null, false, false);
            this.failures = failures;
        }

        List<Failure> failures() {
            return failures;
        }
    }

    /// @param charge takes what an operation costs from its caller's budget, or refuses
    Engine(
            Wiring wiring,
            GraphQlSettings settings,
            Operations operations,
            boolean introspection,
            Map<String, String> allowed,
            BiConsumer<Caller, Long> charge) {
        this.wiring = wiring;
        this.settings = settings;
        this.operations = operations;
        this.charge = charge;
        this.documents = new Documents(
                wiring.schema(), settings, introspection, wiring.callFields(), wiring.batchFields(), allowed);
        this.graphql = GraphQL.newGraphQL(wiring.schema())
                .defaultDataFetcherExceptionHandler(Engine::handle)
                .queryExecutionStrategy(new AsyncExecutionStrategy(Engine::handle))
                .mutationExecutionStrategy(new AsyncSerialExecutionStrategy(Engine::handle))
                // Each event is executed like a query: the stream itself is ours, so that it can block.
                .subscriptionExecutionStrategy(new AsyncExecutionStrategy(Engine::handle))
                .instrumentation(SimplePerformantInstrumentation.INSTANCE)
                .doNotAutomaticallyDispatchDataLoader()
                .preparsedDocumentProvider((input, parse) -> CompletableFuture.completedFuture(input.getGraphQLContext()
                        .<Prepared.Accepted>get(Prepared.class)
                        .entry()))
                .build();
    }

    /// About what it keeps of documents, in bytes.
    long kept() {
        return documents.kept();
    }

    /// Finds the operation that is meant, and charges its cost.
    ///
    /// @throws RefusedException if the document is no good, with all that is wrong with it
    /// @throws ProblemException if it is not allowed or costs too much
    Plan plan(Command command, Caller caller) throws RefusedException {
        var document = switch (documents.find(command)) {
            case Prepared.Refused(var failures) -> throw new RefusedException(failures);
            case Prepared.Accepted accepted -> accepted;
        };
        var step = step(document, command.operationName());
        var cost = step.cost().of(command.variables());
        if (cost > settings.maxCost()) {
            throw TOO_COSTLY.asException();
        }
        charge.accept(caller, cost);
        return new Plan(document, step, command, cost);
    }

    private static Prepared.Step step(Prepared.Accepted document, Optional<String> name) {
        var operations = document.operations();
        var step = name.isEmpty() && operations.size() == 1
                ? operations.values().iterator().next()
                : operations.get(name.orElse(""));
        if (step == null) {
            throw UNKNOWN_OPERATION.asException();
        }
        return step;
    }

    /// Executes a query or mutation, in the context of the call.
    Result execute(Plan plan, Execution execution) {
        execution.fork(plan.isQuery() && plan.step().calls() > 1);
        return result(run(plan, execution, null));
    }

    /// Executes a subscription; returns when the stream has ended, or at once if it cannot begin.
    ///
    /// @param out one result for each event
    /// @throws Exception what ended it
    Result subscribe(Plan plan, CallContext context, Emitter<Result> out) throws Exception {
        var opening = new Fields.Subscribed.Opening();
        var opened = run(plan, inTime(context), opening);
        var field = opening.field();
        if (field.isEmpty()) {
            var failures = result(opened).failures();
            return failures.isEmpty() ? Result.refused(UNKNOWN_OPERATION) : Result.refused(failures);
        }
        wiring.stream(field.get())
                .run(operations, opening.arguments(), context, element -> out.send(event(plan, context, element)));
        return new Result(true, null, List.of());
    }

    private Result event(Plan plan, CallContext context, Object element) {
        return result(run(plan, inTime(context), new Fields.Subscribed.Event(element)));
    }

    /// A subscription has no end, but each part of its work has.
    private Execution inTime(CallContext subscription) {
        var limited = operations.contexts().withLimit(subscription, settings.requestTimeout());
        return new Execution(operations.contexts(), limited, budget -> {});
    }

    private ExecutionResult run(Plan plan, Execution execution, @Nullable Object root) {
        var input = ExecutionInput.newExecutionInput()
                .query("")
                .operationName(plan.command().operationName().orElse(null))
                .variables(plan.command().variables())
                .executionId(ExecutionId.from(execution.context().requestId()))
                .graphQLContext(
                        context -> context.of(Execution.class, execution).of(Prepared.class, plan.document()));
        if (root != null) {
            input.root(root);
        }
        if (!plan.step().batches()) {
            var result = graphql.executeAsync(input.build());
            execution.awaitForks();
            return result.join();
        }
        var loaders = DataLoaderRegistry.newRegistry();
        wiring.loaders(execution).forEach(loader -> loaders.register(String.valueOf(loader.getName()), loader));
        var registry = loaders.build();
        return inWaves(graphql.executeAsync(input.dataLoaderRegistry(registry).build()), registry, execution);
    }

    /// Nothing but batches is left to wait for once the forks are done, because resolvers block: each wave loads what all
    /// objects of a level asked for, and by that gets to the next level.
    private static ExecutionResult inWaves(
            CompletableFuture<ExecutionResult> result, DataLoaderRegistry loaders, Execution execution) {
        execution.awaitForks();
        while (!result.isDone()) {
            if (loaders.dispatchAllWithCount() == 0 && !result.isDone()) {
                throw new IllegalStateException("the execution waits for something that is no batch");
            }
        }
        return result.join();
    }

    private static Result result(ExecutionResult result) {
        var failures = new ArrayList<Failure>();
        for (GraphQLError error : result.getErrors()) {
            failures.add(Failure.of(error));
        }
        Object data = result.isDataPresent() ? result.getData() : null;
        return new Result(result.isDataPresent(), data, failures);
    }

    private static CompletableFuture<DataFetcherExceptionHandlerResult> handle(
            DataFetcherExceptionHandlerParameters thrown) {
        var exception = thrown.getException();
        var cause = exception instanceof CompletionException && exception.getCause() != null
                ? exception.getCause()
                : exception;
        var environment = thrown.getDataFetchingEnvironment();
        var problem = cause instanceof ProblemException known
                        && !known.problem().kind().isFailure()
                ? known.problem()
                : Fields.execution(environment).reason(cause);
        var location = thrown.getSourceLocation();
        var failure = new Failure(
                problem,
                location == null ? List.of() : List.of(location),
                thrown.getPath().toList());
        return CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(failure).build());
    }
}
