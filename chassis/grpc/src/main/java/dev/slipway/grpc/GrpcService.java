package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.operation.Description;
import dev.slipway.operation.Items;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Streaming;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A service of a proto file, with the operation behind each of its methods. The proto file comes first: messages are
/// bound to parameters and records by the names of their fields, and what does not fit refuses the start.
///
/// ```java
/// GrpcService.of(ProfileServiceGrpc.getServiceDescriptor())
///         .operations(profiles.create(), profiles.read(), profiles.list())    // rpc CreateProfile is createProfile
///         .streams(profiles.watch())
///         .operation("FindProfile", profiles.search())
///         .name("FindProfileRequest.profile_id", "id");
/// ```
///
/// Of a request, a field that has the name of a parameter is that parameter, `expected_version` is the version that the
/// caller of a conditional operation has seen, and the rest is the input: field by field, or as the message of the one
/// field that is left. A response is the answer field by field or the one field whose message it is; `version` is the
/// outcome's; a page is a repeated field and `next`. A method that declares `NO_SIDE_EFFECTS` is repeated and hedged by
/// clients: its operation must be a `read`; a `read` may do without. Put together by one thread.
public final class GrpcService {
    private final ServiceDescriptor descriptor;
    private final Map<String, Operation<?, ?>> operations = new LinkedHashMap<>();
    private final Map<String, Streaming<?, ?>> streams = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final List<String> mistakes = new ArrayList<>();

    private GrpcService(ServiceDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /// @param descriptor from the generated class, for example `UserServiceGrpc.getServiceDescriptor()`
    public static GrpcService of(ServiceDescriptor descriptor) {
        return new GrpcService(descriptor);
    }

    /// Binds operations to the methods of their names: `createProfile` to `CreateProfile`.
    public GrpcService operations(Operation<?, ?>... all) {
        for (var operation : all) {
            operation(methodName(operation.name()), operation);
        }
        return this;
    }

    /// Binds operations that stream to the methods of their names.
    public GrpcService streams(Streaming<?, ?>... all) {
        for (var stream : all) {
            stream(methodName(stream.name()), stream);
        }
        return this;
    }

    /// Binds an operation to a method that is called otherwise.
    public GrpcService operation(String method, Operation<?, ?> operation) {
        require(method, operation.name());
        operations.put(method, operation);
        return this;
    }

    public GrpcService stream(String method, Streaming<?, ?> stream) {
        require(method, stream.name());
        streams.put(method, stream);
        return this;
    }

    /// Says what a field stands for that does not have its name.
    ///
    /// @param field with its message, for example `ReadPricesRequest.variant_id`
    /// @param name of a parameter or a component
    public GrpcService name(String field, String name) {
        names.put(field, name);
        return this;
    }

    private static String methodName(String operation) {
        return operation.substring(0, 1).toUpperCase(Locale.ROOT) + operation.substring(1);
    }

    private void require(String method, String operation) {
        if (operations.containsKey(method) || streams.containsKey(method)) {
            mistakes.add(name() + "/" + method + " is bound twice");
        }
        if (descriptor.getMethods().stream().noneMatch(known -> method.equals(known.getBareMethodName()))) {
            mistakes.add(name() + " has no method " + method + " for the operation " + operation);
        }
    }

    String name() {
        return descriptor.getName();
    }

    ServiceDescriptor descriptor() {
        return descriptor;
    }

    List<Description<?, ?>> descriptions() {
        var all = new ArrayList<Description<?, ?>>();
        operations.values().forEach(operation -> all.add(operation.description()));
        streams.values().forEach(stream -> all.add(stream.description()));
        return all;
    }

    /// What is wrong with it, as far as that can be seen without a look into the messages; empty if nothing is.
    List<String> mistakes() {
        var all = new ArrayList<>(mistakes);
        for (var method : descriptor.getMethods()) {
            var name = String.valueOf(method.getBareMethodName());
            var stream = streams.get(name);
            var operation = operations.get(name);
            if (method.isSafe()
                    && operation != null
                    && operation.description().effect() == Description.Effect.CHANGES) {
                all.add(method.getFullMethodName() + " has NO_SIDE_EFFECTS, and " + operation.name()
                        + " may change something; it must be a read");
            }
            if (operation == null && stream == null) {
                all.add(method.getFullMethodName() + " has no operation");
            } else if (stream == null ? method.getType() != MethodType.UNARY : !fits(stream, method.getType())) {
                all.add(method.getFullMethodName() + " is " + method.getType()
                        + ", and its operation is something else");
            }
            if (stream != null
                    && stream.takesItems()
                    && !stream.description().parameters().isEmpty()) {
                all.add(stream.name() + " takes a stream and cannot have parameters in gRPC");
            }
        }
        return all;
    }

    private static boolean fits(Streaming<?, ?> stream, MethodType type) {
        return switch (type) {
            case SERVER_STREAMING -> !stream.takesItems();
            case CLIENT_STREAMING, BIDI_STREAMING -> stream.takesItems();
            case UNARY, UNKNOWN -> false;
        };
    }

    /// Finds the accessors of all messages and records.
    ///
    /// @param refuse is told of each field without a component, of each component without a field, and of those whose
    ///     types do not fit
    List<Binding> bind(Consumer<String> refuse) {
        var binder = new Binder(names, refuse);
        var bindings = new ArrayList<Binding>();
        for (var method : descriptor.getMethods()) {
            var name = String.valueOf(method.getBareMethodName());
            var operation = operations.get(name);
            var stream = streams.get(name);
            if (operation != null) {
                bindings.add(unary(binder, generic(method), operation));
            } else if (stream != null) {
                bindings.add(
                        stream.takesItems()
                                ? requests(binder, generic(method), stream)
                                : responses(binder, generic(method), stream));
            }
        }
        binder.finish();
        return bindings;
    }

    private static <I, O> Binding unary(
            Binder binder, MethodDescriptor<Message, Message> method, Operation<I, O> operation) {
        var description = operation.description();
        return new Binding.Unary<>(
                method, operation, binder.request(method, description), binder.response(method, description));
    }

    private static <I, O> Binding responses(
            Binder binder, MethodDescriptor<Message, Message> method, Streaming<I, O> stream) {
        var description = stream.description();
        return new Binding.ServerStream<>(
                method, stream, binder.request(method, description), binder.response(method, description));
    }

    @SuppressWarnings("unchecked") // what takes items has them for its input, and says of which class they are
    private static <T, O> Binding requests(
            Binder binder, MethodDescriptor<Message, Message> method, Streaming<?, O> stream) {
        return new Binding.RequestStream<>(
                method,
                (Streaming<Items<T>, O>) stream,
                binder.request(method, stream.description(), (Class<T>) stream.item()),
                binder.response(method, stream.description()));
    }

    /// Generated methods take and give messages.
    @SuppressWarnings("unchecked")
    private static MethodDescriptor<Message, Message> generic(MethodDescriptor<?, ?> method) {
        return (MethodDescriptor<Message, Message>) method;
    }
}
