package dev.slipway.graphql;

import dev.slipway.operation.Cursor;
import dev.slipway.operation.Description;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// A schema and what stands behind its fields. The schema comes first: files that people read and review; here each
/// root field is given its operation, and everything below is a record's component of the same name.
///
/// ```java
/// Graph.schema(ProductApp.class, "graphql/products.graphqls")
///         .type("Product", Product.class)
///         .query("product", ReadProduct.operation(products))
///         .connection("products", ListProducts.operation(products), ListProducts::cursor)
///         .mutation("createProduct", CreateProduct.operation(products))
///         .batched("Product.variants", Policy.anyone(), Product::id, products::variantsOf)
///         .subscription("priceChanged", WatchPrices.operation(prices));
/// ```
///
/// A field's arguments are the operation's parameters by their names, and its input by the rest; the fields of an
/// argument `input` count as arguments. `idempotencyKey` and `expectedVersion` are what they are called.
///
/// A query must be a `read`, since queries are served by GET and at the same time; a mutation may be one.
///
/// Refusals: if a field answers a union, a refusal is that member of the union which has the name of its code
/// (`email-taken` is `EmailTaken`, with `code`, `message` and `fields` to select from); any other is an entry of
/// `errors`.
///
/// What every schema has need not be written: a type that the files name and do not define is the chassis', if it is one of
/// `DateTime`, `Date`, `Long`, `PageInfo`, `Refusal`, `NotFound`, `StaleVersion`, `InvalidInput` and `FieldError`, or the
/// `XConnection` or `XEdge` of a type `X`. Put together by one thread.
public final class Graph {

    /// Makes what a field answers of what the operation did.
    @FunctionalInterface
    public interface Presenter<I, O> {
        Object present(I input, Outcome.Done<O> done);
    }

    /// Loads what belongs to many keys with one call; a key that is missing in the answer has nothing.
    @FunctionalInterface
    public interface Loader<K, V> {
        Map<K, V> load(Set<K> keys) throws Exception;
    }

    /// @param renamed whether `first` and `after` stand for `limit` and `cursor`
    record BoundCall<I, O>(Operation<I, O> operation, Presenter<I, O> presenter, boolean renamed) {}

    /// @param presenter makes what the field answers of an element
    record BoundStream<I, O>(Streaming<I, O> streaming, Function<O, Object> presenter) {}

    record BoundBatch<P, K, V>(Policy policy, Function<P, K> key, Loader<K, V> loader) {}

    private final StringBuilder schema = new StringBuilder();
    private final Map<String, Class<?>> types = new LinkedHashMap<>();
    private final Map<String, BoundCall<?, ?>> calls = new LinkedHashMap<>();
    private final Map<String, BoundStream<?, ?>> streams = new LinkedHashMap<>();
    private final Map<String, BoundBatch<?, ?, ?>> batches = new LinkedHashMap<>();
    private final StringBuilder allowed = new StringBuilder();

    private Graph() {}

    /// Reads schema files. They may extend each other, say `type Query`, `type Mutation` or `type Subscription` each for
    /// its own fields, and define alike what they share.
    ///
    /// @param near the class beside whose resources they lie
    public static Graph schema(Class<?> near, String... files) {
        var graph = new Graph();
        for (var file : files) {
            graph.schema.append(resource(near, file)).append('\n');
        }
        return graph;
    }

    /// Says which type of the schema a class is: an enum, whose constants have the names of the schema then; or a record
    /// where a union or interface has to tell and the names differ.
    public Graph type(String name, Class<?> type) {
        types.put(name, type);
        return this;
    }

    public <I, O> Graph query(String field, Operation<I, O> operation) {
        return query(field, operation, (input, done) -> orTrue(done));
    }

    public <I, O> Graph query(String field, Operation<I, O> operation, Presenter<I, O> presenter) {
        return bind(calls, "Query." + field, new BoundCall<>(operation, presenter, false));
    }

    /// A list in pages ([Connection]): `first` and `after` are the `limit` and `cursor` of the operation's input.
    ///
    /// @param cursor the position of an item in the order that the input asks for
    public <I, T> Graph connection(
            String field, Operation<I, Page<T>> operation, Function<I, Function<T, Cursor>> cursor) {
        Presenter<I, Page<T>> presenter = (input, done) -> Connection.of(done.value(), cursor.apply(input));
        return bind(calls, "Query." + field, new BoundCall<>(operation, presenter, true));
    }

    public <I, O> Graph mutation(String field, Operation<I, O> operation) {
        return mutation(field, operation, (input, done) -> orTrue(done));
    }

    public <I, O> Graph mutation(String field, Operation<I, O> operation, Presenter<I, O> presenter) {
        return bind(calls, "Mutation." + field, new BoundCall<>(operation, presenter, false));
    }

    public <I, O> Graph subscription(String field, Streaming<I, O> streaming) {
        return subscription(field, streaming, element -> element);
    }

    /// @param presenter makes what the field answers of an element
    public <I, O> Graph subscription(String field, Streaming<I, O> streaming, Function<O, Object> presenter) {
        return bind(streams, "Subscription." + field, new BoundStream<>(streaming, presenter));
    }

    /// A field that is loaded once for all objects of a level of the answer.
    ///
    /// @param field with its type, for example `Product.variants`
    /// @param policy who may see it, besides who may see the object
    /// @param key of the object, by which its part is found
    public <P, K, V> Graph batched(String field, Policy policy, Function<P, K> key, Loader<K, V> loader) {
        return bind(batches, field, new BoundBatch<>(policy, key, loader));
    }

    /// The documents that are served where only listed ones are: a manifest as client tools write it
    /// ([persisted query manifest](https://www.apollographql.com/docs/graphos/platform/security/persisted-queries)).
    public Graph allow(Class<?> near, String file) {
        allowed.setLength(0);
        allowed.append(resource(near, file));
        return this;
    }

    /// Both as one, beside which they stay what they are.
    Graph and(Graph other) {
        if (!allowed.isEmpty() && !other.allowed.isEmpty()) {
            throw new IllegalArgumentException("two graphs list the documents that are served: let one list all");
        }
        var both = new Graph();
        for (var part : List.of(this, other)) {
            both.schema.append(part.schema);
            both.allowed.append(part.allowed);
            part.types.forEach((name, type) -> {
                var known = both.types.putIfAbsent(name, type);
                if (known != null && known != type) {
                    throw new IllegalArgumentException("the GraphQL type " + name + " stands for two classes: "
                            + known.getName() + " and " + type.getName());
                }
            });
            part.calls.forEach((field, call) -> both.bind(both.calls, field, call));
            part.streams.forEach((field, stream) -> both.bind(both.streams, field, stream));
            part.batches.forEach((field, batch) -> both.bind(both.batches, field, batch));
        }
        return both;
    }

    /// Of all that it offers.
    List<Description<?, ?>> descriptions() {
        var descriptions = new ArrayList<Description<?, ?>>();
        calls.values().forEach(call -> descriptions.add(call.operation().description()));
        streams.values().forEach(stream -> descriptions.add(stream.streaming().description()));
        return descriptions;
    }

    /// The schema files, with what they leave to the chassis.
    StandardTypes.Completed schema() {
        return StandardTypes.complete(schema.toString());
    }

    String manifest() {
        return allowed.toString();
    }

    Map<String, Class<?>> types() {
        return types;
    }

    Map<String, BoundCall<?, ?>> calls() {
        return calls;
    }

    Map<String, BoundStream<?, ?>> streams() {
        return streams;
    }

    Map<String, BoundBatch<?, ?, ?>> batches() {
        return batches;
    }

    private <B> Graph bind(Map<String, B> bindings, String field, B binding) {
        if (bindings.putIfAbsent(field, binding) != null) {
            throw new IllegalArgumentException(field + " was bound twice");
        }
        return this;
    }

    /// An operation that answers nothing has been done: true.
    private static Object orTrue(Outcome.Done<?> done) {
        Object value = done.value();
        return value instanceof Nothing ? (Object) true : value;
    }

    static String resource(Class<?> near, String file) {
        try (var in = near.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException(file + " does not lie beside " + near.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
