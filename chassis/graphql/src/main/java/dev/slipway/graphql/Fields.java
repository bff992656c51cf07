package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Description;
import dev.slipway.operation.Expected;
import dev.slipway.operation.Json;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Request;
import dev.slipway.security.Policy;
import dev.slipway.security.RateLimits;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLNamedOutputType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnionType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The fields of a schema that are more than a property.
final class Fields {
    /// Arguments that are not part of the input.
    private static final String KEY = "idempotencyKey";

    private static final String VERSION = "expectedVersion";

    private Fields() {}

    /// The execution that a field is resolved for.
    static Execution execution(DataFetchingEnvironment environment) {
        return environment.getGraphQlContext().get(Execution.class);
    }

    /// A field that calls an operation, by the chain that all protocols share.
    ///
    /// @param renamed whether `first` and `after` stand for the input's `limit` and `cursor`
    record Call<I, O>(
            Operation<I, O> operation,
            Operations operations,
            Graph.Presenter<I, O> presenter,
            FieldTimers timers,
            boolean renamed)
            implements DataFetcher<@Nullable Object> {
        @Override
        public @Nullable Object get(DataFetchingEnvironment environment) throws Exception {
            var execution = execution(environment);
            if (execution.forking()
                    && environment.getExecutionStepInfo().getPath().getLevel() == 1) {
                return execution.fork(() -> call(environment, execution));
            }
            return call(environment, execution);
        }

        private @Nullable Object call(DataFetchingEnvironment environment, Execution execution) throws Exception {
            execution.requireTime();
            var begin = timers.begin();
            var arguments = environment.getArguments();
            var request = new Arguments<>(
                    operation.description(),
                    renamed ? renamed(arguments) : arguments,
                    operations.json(),
                    execution.idempotencyKey(),
                    execution::budget);
            Outcome<O> outcome;
            try {
                outcome = ScopedValue.where(
                                CallContext.CURRENT, execution.context().withOperation(operation.name()))
                        .call(() -> operations.perform(operation, request));
            } catch (ProblemException e) {
                timers.failed(e, begin);
                return asData(environment, e);
            } catch (Exception | Error e) {
                timers.failed(e, begin);
                throw e;
            }
            timers.ended(outcome, begin);
            return switch (outcome) {
                case Outcome.Done<O> done -> presenter.present(request.input(), done);
                case Outcome.Refused<O>(var problem) -> asData(environment, problem.asException());
            };
        }

        private static Map<String, Object> renamed(Map<String, Object> arguments) {
            var map = new HashMap<>(arguments);
            rename(map, "first", "limit");
            rename(map, "after", "cursor");
            return map;
        }

        private static void rename(Map<String, Object> map, String from, String to) {
            var value = map.remove(from);
            if (value != null) {
                map.put(to, value);
            }
        }
    }

    /// A refusal that the field's union has a type for; all others are errors.
    private static Object asData(DataFetchingEnvironment environment, ProblemException refusal) {
        var type = GraphQLTypeUtil.unwrapNonNull(environment.getFieldType());
        if (type instanceof GraphQLUnionType union) {
            var known = ProblemData.of(refusal.problem());
            var name = known.typeName();
            for (GraphQLNamedOutputType member : union.getTypes()) {
                if (member.getName().equals(name)) {
                    return known;
                }
            }
        }
        throw refusal;
    }

    /// The arguments of a field as a call: those that the operation is about, and the rest as its input; an argument
    /// called `input` is spread.
    static final class Arguments<I> implements Request<I> {
        private final Description<I, ?> description;
        private final Map<String, Object> arguments;
        private final Json json;
        private final Optional<String> sentKey;
        private final Consumer<RateLimits.Budget> budget;
        private @Nullable I input;

        /// @param sentKey the idempotency key that came with the request, and not as an argument
        Arguments(
                Description<I, ?> description,
                Map<String, Object> arguments,
                Json json,
                Optional<String> sentKey,
                Consumer<RateLimits.Budget> budget) {
            this.description = description;
            this.arguments = arguments;
            this.json = json;
            this.sentKey = sentKey;
            this.budget = budget;
        }

        @Override
        public void budget(RateLimits.Budget left) {
            budget.accept(left);
        }

        @Override
        public String parameter(String name) {
            var value = arguments.get(name);
            return value == null ? "" : value.toString();
        }

        @Override
        public I input() {
            var known = input;
            if (known == null) {
                known = description.takesInput() ? read() : description.input().cast(Nothing.NOTHING);
                input = known;
            }
            return known;
        }

        private I read() {
            var tree = new HashMap<String, @Nullable Object>();
            arguments.forEach((name, value) -> {
                if (name.equals("input") && value instanceof Map<?, ?> fields) {
                    fields.forEach((field, content) -> tree.put(String.valueOf(field), content));
                } else if (!name.equals(KEY) && !name.equals(VERSION)) {
                    tree.put(name, value);
                }
            });
            description.parameters().forEach(parameter -> tree.remove(parameter.name()));
            return json.readTree(tree, description.input());
        }

        @Override
        public Expected expected() {
            return switch (arguments.get(VERSION)) {
                case null -> new Expected.Unsaid();
                case Number version -> new Expected.Exactly(version.longValue());
                default ->
                    throw Problem.invalid(List.of(new FieldError(VERSION, "format", "must be a whole number")))
                            .asException();
            };
        }

        @Override
        public Optional<String> idempotencyKey() {
            var argument = Optional.ofNullable(arguments.get(KEY)).map(Object::toString);
            if (argument.isPresent() && sentKey.isPresent() && !argument.equals(sentKey)) {
                var error = new FieldError(KEY, "ambiguous", "must be the Idempotency-Key, if both are sent");
                throw Problem.invalid(List.of(error)).asException();
            }
            return argument.or(() -> sentKey);
        }
    }

    /// A field that is loaded for all objects of its level at once.
    static final class Batched<P, K> implements DataFetcher<@Nullable Object> {
        private final String loader;
        private final Policy policy;
        private final Function<P, K> key;

        Batched(String loader, Policy policy, Function<P, K> key) {
            this.loader = loader;
            this.policy = policy;
            this.key = key;
        }

        @Override
        public @Nullable Object get(DataFetchingEnvironment environment) {
            var execution = execution(environment);
            execution.requireTime();
            policy.enforce(execution.context().caller(), parameter -> null);
            P parent = environment.getSource();
            var loading = environment.<K, Object>getDataLoader(loader);
            if (parent == null || loading == null) {
                return null;
            }
            return loading.load(key.apply(parent));
        }
    }

    /// The field of a subscription: says at first what it is asked for, and then gives the event at hand.
    static final class Subscribed implements DataFetcher<@Nullable Object> {

        /// Stands for the event while a subscription is opened.
        static final class Opening {
            private @Nullable String field;
            private Map<String, Object> arguments = Map.of();

            Optional<String> field() {
                return Optional.ofNullable(field);
            }

            Map<String, Object> arguments() {
                return arguments;
            }
        }

        /// One element of the stream.
        record Event(Object value) {}

        @Override
        public @Nullable Object get(DataFetchingEnvironment environment) {
            Object root = environment.getRoot();
            return switch (root) {
                case Opening opening -> {
                    opening.field = environment.getField().getName();
                    opening.arguments = environment.getArguments();
                    yield null;
                }
                case Event(var value) -> value;
                case null, default -> throw new IllegalStateException("a subscription without an event");
            };
        }
    }
}
