package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Time;
import dev.slipway.operation.Description;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operations;
import graphql.TypeResolutionEnvironment;
import graphql.language.InterfaceTypeDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.language.UnionTypeDefinition;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnionType;
import graphql.schema.TypeResolver;
import graphql.schema.idl.EnumValuesProvider;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.TypeDefinitionRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderOptions;
import org.jspecify.annotations.Nullable;

/// The executable form of a [Graph]. Immutable.
final class Wiring {
    private static final int LARGEST_BATCH = 1000;

    private final Graph graph;
    private final GraphQLSchema schema;

    private Wiring(Graph graph, GraphQLSchema schema) {
        this.graph = graph;
        this.schema = schema;
    }

    /// Puts schema and bindings together.
    ///
    /// @param refuse is told what does not fit: a root field without an operation, an operation without its field, a
    ///     refusal that a union has no type for
    static Wiring of(Graph graph, Operations operations, MeterRegistry meters, Time time, Consumer<String> refuse) {
        var runtime = RuntimeWiring.newRuntimeWiring();
        Scalars.all().forEach(runtime::scalar);
        graph.types().forEach((name, type) -> {
            if (type.isEnum()) {
                runtime.type(name, enumeration -> enumeration.enumValues(constants(type)));
            }
        });
        var code = GraphQLCodeRegistry.newCodeRegistry();
        graph.calls()
                .forEach((field, call) -> code.dataFetcher(at(field), call(field, call, operations, meters, time)));
        graph.streams().keySet().forEach(field -> code.dataFetcher(at(field), new Fields.Subscribed()));
        graph.batches().forEach((field, batch) -> code.dataFetcher(at(field), batch(field, batch)));
        var completed = graph.schema();
        completed.mistakes().forEach(refuse);
        var registry = completed.registry();
        properties(registry, code);
        unions(registry, graph.types(), runtime);
        runtime.codeRegistry(code);
        var schema = new SchemaGenerator().makeExecutableSchema(registry, runtime.build());
        var wiring = new Wiring(graph, schema);
        wiring.mistakes().forEach(refuse);
        return wiring;
    }

    private static <I, O> Fields.Call<I, O> call(
            String field, Graph.BoundCall<I, O> call, Operations operations, MeterRegistry meters, Time time) {
        return new Fields.Call<>(
                call.operation(), operations, call.presenter(), new FieldTimers(meters, time, field), call.renamed());
    }

    private static <P, K, V> Fields.Batched<P, K> batch(String field, Graph.BoundBatch<P, K, V> batch) {
        return new Fields.Batched<>(field, batch.policy(), batch.key());
    }

    /// Each field gets a fetcher of its own: a default one would be made anew at each fetch.
    private static void properties(TypeDefinitionRegistry schema, GraphQLCodeRegistry.Builder code) {
        Stream.concat(
                        schema.getTypes(ObjectTypeDefinition.class).stream(),
                        schema.objectTypeExtensions().values().stream().flatMap(List::stream))
                .forEach(type -> type.getFieldDefinitions()
                        .forEach(field -> code.dataFetcherIfAbsent(
                                FieldCoordinates.coordinates(type.getName(), field.getName()),
                                new Property(field.getName()))));
    }

    private static EnumValuesProvider constants(Class<?> type) {
        return name -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static FieldCoordinates at(String field) {
        var dot = field.indexOf('.');
        return FieldCoordinates.coordinates(field.substring(0, dot), field.substring(dot + 1));
    }

    GraphQLSchema schema() {
        return schema;
    }

    /// The fields that cost as much as a call.
    Set<String> callFields() {
        return graph.calls().keySet();
    }

    Set<String> batchFields() {
        return graph.batches().keySet();
    }

    /// New loaders for one request.
    List<DataLoader<Object, Object>> loaders(Execution execution) {
        var loaders = new ArrayList<DataLoader<Object, Object>>();
        graph.batches().forEach((field, batch) -> loaders.add(loader(field, batch, execution)));
        return loaders;
    }

    @SuppressWarnings("unchecked") // the keys come from the same binding's key function
    private <K, V> DataLoader<Object, Object> loader(
            String field, Graph.BoundBatch<?, K, V> batch, Execution execution) {
        var isList = GraphQLTypeUtil.isList(
                GraphQLTypeUtil.unwrapNonNull(definition(field).getType()));
        return DataLoaderFactory.<Object, Object>builder()
                .name(field)
                .options(DataLoaderOptions.newOptions()
                        .setMaxBatchSize(LARGEST_BATCH)
                        .build())
                .mappedBatchLoader(keys -> {
                    try {
                        execution.requireTime();
                        var loaded = ScopedValue.where(
                                        CallContext.CURRENT, execution.context().withOperation(field))
                                .call(() -> batch.loader().load((Set<K>) keys));
                        var all = new HashMap<Object, Object>(loaded);
                        if (isList) {
                            keys.forEach(key -> all.putIfAbsent(key, List.of()));
                        }
                        return CompletableFuture.completedFuture(all);
                    } catch (Exception e) {
                        return CompletableFuture.failedFuture(e);
                    }
                })
                .build();
    }

    /// A subscription's stream, by its field.
    Opened stream(String field) {
        var bound = graph.streams().get("Subscription." + field);
        if (bound == null) {
            throw new IllegalStateException("nothing is bound to the subscription " + field);
        }
        return (operations, arguments, context, out) -> run(bound, operations, arguments, context, out);
    }

    @FunctionalInterface
    interface Opened {
        void run(Operations operations, Map<String, Object> arguments, CallContext context, Emitter<Object> out)
                throws Exception;
    }

    private static <I, O> void run(
            Graph.BoundStream<I, O> bound,
            Operations operations,
            Map<String, Object> arguments,
            CallContext context,
            Emitter<Object> out)
            throws Exception {
        var streaming = bound.streaming();
        var request = new Fields.Arguments<>(
                streaming.description(), arguments, operations.json(), Optional.empty(), budget -> {});
        ScopedValue.where(CallContext.CURRENT, context.withOperation(streaming.name()))
                .call(() -> {
                    operations.stream(
                            streaming,
                            request,
                            element -> out.send(bound.presenter().apply(element)));
                    return Nothing.NOTHING;
                });
    }

    private GraphQLFieldDefinition definition(String field) {
        return schema.getObjectType(at(field).getTypeName())
                .getFieldDefinition(at(field).getFieldName());
    }

    private List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        var bound = new LinkedHashMap<String, @Nullable Description<?, ?>>();
        graph.calls().forEach((field, call) -> bound.put(field, call.operation().description()));
        graph.streams()
                .forEach((field, stream) -> bound.put(field, stream.streaming().description()));
        graph.batches().keySet().forEach(field -> bound.put(field, null));
        bound.forEach((field, description) -> {
            var type = schema.getType(at(field).getTypeName());
            var definition = type instanceof GraphQLObjectType object
                    ? object.getFieldDefinition(at(field).getFieldName())
                    : null;
            if (definition == null) {
                mistakes.add("the GraphQL schema has no field " + field);
            } else if (description != null) {
                mistakes.addAll(mistakes(field, definition, description));
            }
        });
        Stream.of(schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType())
                .filter(type -> type != null)
                .forEach(type -> type.getFieldDefinitions().stream()
                        .map(field -> type.getName() + "." + field.getName())
                        .filter(field -> !bound.containsKey(field))
                        .forEach(field -> mistakes.add("nothing stands behind the GraphQL field " + field)));
        return mistakes;
    }

    private static List<String> mistakes(String field, GraphQLFieldDefinition definition, Description<?, ?> known) {
        var mistakes = new ArrayList<String>();
        if (field.startsWith("Query.") && known.effect() == Description.Effect.CHANGES) {
            mistakes.add("the GraphQL field " + field + ": " + known.name()
                    + " may change something; it must be a read, or a mutation");
        }
        for (var parameter : known.parameters()) {
            if (definition.getArgument(parameter.name()) == null) {
                mistakes.add("the GraphQL field " + field + " lacks the argument " + parameter.name());
            }
        }
        if (known.conditional() && definition.getArgument("expectedVersion") == null) {
            mistakes.add("the GraphQL field " + field + " lacks the argument expectedVersion");
        }
        if (GraphQLTypeUtil.unwrapNonNull(definition.getType()) instanceof GraphQLUnionType union) {
            var members =
                    union.getTypes().stream().map(member -> member.getName()).toList();
            known.refusals().stream()
                    .map(refusal -> ProblemData.typeName(refusal.code()))
                    .filter(name -> !members.contains(name))
                    .forEach(name -> mistakes.add("the GraphQL union " + union.getName() + " lacks " + name));
        }
        return mistakes;
    }

    /// Tells which member of a union, or which type of an interface, an object is.
    private static void unions(
            TypeDefinitionRegistry schema, Map<String, Class<?>> types, RuntimeWiring.Builder wiring) {
        TypeResolver resolver = environment -> type(environment, types);
        schema.getTypes(UnionTypeDefinition.class)
                .forEach(union -> wiring.type(union.getName(), it -> it.typeResolver(resolver)));
        schema.getTypes(InterfaceTypeDefinition.class)
                .forEach(shared -> wiring.type(shared.getName(), it -> it.typeResolver(resolver)));
    }

    private static GraphQLObjectType type(TypeResolutionEnvironment environment, Map<String, Class<?>> types) {
        Object value = environment.getObject();
        var name = value instanceof ProblemData refusal
                ? refusal.typeName()
                : types.entrySet().stream()
                        .filter(entry -> entry.getValue().isInstance(value))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseGet(() -> value.getClass().getSimpleName());
        return environment.getSchema().getObjectType(name);
    }
}
