package dev.slipway.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.LightDataFetcher;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a field from a record or map. The accessor is a compiled lambda, found once: graphql-java's own fetcher
/// reflects. Thread-safe.
final class Property implements LightDataFetcher<@Nullable Object> {
    private final String name;
    private volatile Accessor last = new Accessor(Void.class, source -> null);

    private record Accessor(Class<?> type, Function<Object, @Nullable Object> read) {}

    Property(String name) {
        this.name = name;
    }

    @Override
    public @Nullable Object get(DataFetchingEnvironment environment) {
        return read(environment.getSource());
    }

    @Override
    public @Nullable Object get(
            GraphQLFieldDefinition field, @Nullable Object source, Supplier<DataFetchingEnvironment> environment) {
        return read(source);
    }

    private @Nullable Object read(@Nullable Object source) {
        if (source == null) {
            return null;
        }
        var known = last;
        if (known.type() != source.getClass()) {
            known = new Accessor(source.getClass(), accessor(source.getClass()));
            last = known;
        }
        return known.read().apply(source);
    }

    private Function<Object, @Nullable Object> accessor(Class<?> type) {
        if (Map.class.isAssignableFrom(type)) {
            return source -> ((Map<?, ?>) source).get(name);
        }
        try {
            return compiled(type);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has nothing for the field " + name, e);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot read " + name + " of " + type, e);
        }
    }

    @SuppressWarnings("unchecked") // a Function is what the factory was asked for
    private Function<Object, @Nullable Object> compiled(Class<?> type) throws Throwable {
        var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        var method = type.getMethod(name);
        var accessor = lookup.unreflect(method);
        var boxed = MethodType.methodType(method.getReturnType()).wrap().returnType();
        var site = LambdaMetafactory.metafactory(
                lookup,
                "apply",
                MethodType.methodType(Function.class),
                MethodType.methodType(Object.class, Object.class),
                accessor,
                MethodType.methodType(boxed, type));
        return (Function<Object, @Nullable Object>) site.getTarget().invoke();
    }
}
