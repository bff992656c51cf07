package dev.slipway.grpc;

import dev.slipway.operation.Items;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Streaming;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A service of a proto file, with the operation behind each of its methods. Immutable: each step gives a new one.
///
/// Messages become arguments, and answers messages, by functions that the service writes; nothing is guessed by name.
public final class GrpcService {
    private final ServiceDescriptor descriptor;
    private final List<Binding<?, ?>> bindings;

    private GrpcService(ServiceDescriptor descriptor, List<Binding<?, ?>> bindings) {
        this.descriptor = descriptor;
        this.bindings = List.copyOf(bindings);
    }

    /// @param descriptor from the generated class, for example `UserServiceGrpc.getServiceDescriptor()`
    public static GrpcService of(ServiceDescriptor descriptor) {
        return new GrpcService(descriptor, List.of());
    }

    /// One message in, one out.
    ///
    /// @param request says what a message asks of the operation
    /// @param response makes the message of what was done
    public <Q, I, O, R> GrpcService unary(
            MethodDescriptor<Q, R> method,
            Operation<I, O> operation,
            Function<Q, Arguments<I>> request,
            Function<Outcome.Done<O>, R> response) {
        return with(new Binding.Unary<>(method, operation, request, response));
    }

    /// One message in, a stream out.
    public <Q, I, O, R> GrpcService serverStreaming(
            MethodDescriptor<Q, R> method,
            Streaming<I, O> operation,
            Function<Q, Arguments<I>> request,
            Function<O, R> response) {
        return with(new Binding.Watch<>(method, operation, request, response));
    }

    /// A stream in, one message out: the last element that the operation answers with.
    public <Q, T, O, R> GrpcService clientStreaming(
            MethodDescriptor<Q, R> method,
            Streaming<Items<T>, O> operation,
            Function<Q, T> item,
            Function<O, R> response) {
        return with(new Binding.Feed<>(method, operation, item, response));
    }

    /// A stream in, a stream out.
    public <Q, T, O, R> GrpcService bidirectional(
            MethodDescriptor<Q, R> method,
            Streaming<Items<T>, O> operation,
            Function<Q, T> item,
            Function<O, R> response) {
        return with(new Binding.Feed<>(method, operation, item, response));
    }

    private GrpcService with(Binding<?, ?> binding) {
        var more = new ArrayList<>(bindings);
        more.add(binding);
        return new GrpcService(descriptor, more);
    }

    ServiceDescriptor descriptor() {
        return descriptor;
    }

    String name() {
        return descriptor.getName();
    }

    List<Binding<?, ?>> bindings() {
        return bindings;
    }

    /// What is wrong with it; empty if nothing is.
    List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        Map<String, Binding<?, ?>> bound = new LinkedHashMap<>();
        for (var binding : bindings) {
            var method = binding.method();
            if (bound.put(method.getFullMethodName(), binding) != null) {
                mistakes.add(method.getFullMethodName() + " is bound twice");
            }
            if (!descriptor.getName().equals(method.getServiceName())) {
                mistakes.add(method.getFullMethodName() + " is no method of " + descriptor.getName());
            }
            if (!fits(binding)) {
                mistakes.add(
                        method.getFullMethodName() + " is " + method.getType() + " and is bound as something else");
            }
            if (binding instanceof Binding.Feed<?, ?, ?, ?>
                    && !binding.description().parameters().isEmpty()) {
                mistakes.add(binding.description().name() + " takes a stream and cannot have parameters in gRPC");
            }
        }
        for (var method : descriptor.getMethods()) {
            if (!bound.containsKey(method.getFullMethodName())) {
                mistakes.add(method.getFullMethodName() + " has no operation");
            }
        }
        return mistakes;
    }

    private static boolean fits(Binding<?, ?> binding) {
        var type = binding.method().getType();
        return switch (binding) {
            case Binding.Unary<?, ?, ?, ?> unary -> type == MethodType.UNARY;
            case Binding.Watch<?, ?, ?, ?> watch -> type == MethodType.SERVER_STREAMING;
            case Binding.Feed<?, ?, ?, ?> feed ->
                type == MethodType.CLIENT_STREAMING || type == MethodType.BIDI_STREAMING;
        };
    }
}
