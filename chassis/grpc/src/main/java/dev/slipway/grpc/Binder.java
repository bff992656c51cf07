package dev.slipway.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.slipway.operation.Description;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Page;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Binds messages to operations and records, by names, and finds what does not fit. Used at the start, by one thread.
///
/// Of a request, a field that has the name of a parameter is that parameter, `expected_version` is what it is called,
/// and the rest is the input: its components one by one, or a single field whose message is all of it. Of a response
/// the same, where `version` is the outcome's if the answer has no such component, and a page is a repeated field and
/// `next`. A field has the name of its component in JSON: `display_name` is `displayName`.
final class Binder {
    private static final String EXPECTED_VERSION = "expectedVersion";
    private static final String ANY_VERSION = "anyVersion";
    private static final String VERSION = "version";
    private static final String NEXT = "next";
    private static final Map<JavaType, Set<Class<?>>> SAME = Map.of(
            JavaType.INT, Set.of(int.class, Integer.class),
            JavaType.LONG, Set.of(long.class, Long.class),
            JavaType.FLOAT, Set.of(float.class, Float.class),
            JavaType.DOUBLE, Set.of(double.class, Double.class),
            JavaType.BOOLEAN, Set.of(boolean.class, Boolean.class),
            JavaType.STRING, Set.of(String.class),
            JavaType.BYTE_STRING, Set.of(ByteString.class));
    private static final Set<FieldDescriptor.Type> UNSIGNED = EnumSet.of(
            FieldDescriptor.Type.UINT32,
            FieldDescriptor.Type.UINT64,
            FieldDescriptor.Type.FIXED32,
            FieldDescriptor.Type.FIXED64);
    private static final MethodType READER = MethodType.methodType(Object.class, Object.class);

    private final Map<String, String> names;
    private final Consumer<String> refuse;
    private final Set<String> unused;
    private final Map<Pair, RecordCodec> records = new HashMap<>();

    private record Pair(Class<?> message, Class<?> type) {}

    /// @param names what fields stand for that are called otherwise, for example `Order.customer_id`
    Binder(Map<String, String> names, Consumer<String> refuse) {
        this.names = names;
        this.refuse = refuse;
        this.unused = new TreeSet<>(names.keySet());
    }

    /// Says which names were given to fields that no message has; called last.
    void finish() {
        unused.forEach(field -> refuse.accept("there is no field " + field + " to give a name to"));
    }

    <I> RequestCodec<I> request(MethodDescriptor<Message, Message> method, Description<I, ?> operation) {
        return request(method, operation, operation.input());
    }

    /// @param input what the operation takes; for a stream, of each of its elements
    <I> RequestCodec<I> request(
            MethodDescriptor<Message, Message> method, Description<?, ?> operation, Class<I> input) {
        var prototype = prototype(method.getRequestMarshaller());
        var rest = fields(prototype);
        var parameters = new HashMap<String, Field>();
        for (var parameter : operation.parameters()) {
            var field = rest.remove(parameter.name());
            if (field == null) {
                refuse.accept(prototype.getDescriptorForType().getName() + " has no field for the parameter "
                        + parameter.name() + " of " + operation.name());
            } else {
                requireType(
                        field, operation.name() + " takes it as text", JavaType.STRING, JavaType.INT, JavaType.LONG);
                parameters.put(parameter.name(), field);
            }
        }
        var expected = operation.conditional() ? rest.remove(EXPECTED_VERSION) : null;
        var any = operation.conditional() ? rest.remove(ANY_VERSION) : null;
        if (expected != null) {
            requireType(expected, "it is a version", JavaType.LONG);
            if (expected.has() == null) {
                refuse.accept(name(expected) + " must be optional: who does not know a version says none");
            }
        } else if (operation.conditional()) {
            refuse.accept(prototype.getDescriptorForType().getName() + " has no field expected_version, and "
                    + operation.name() + " is conditional");
        }
        if (any != null) {
            requireType(any, "it says that any version will do", JavaType.BOOLEAN);
        }
        if (input == Nothing.class) {
            rest.values().forEach(field -> refuse.accept(operation.name() + " has no parameter for " + name(field)));
            return new RequestCodec<>(parameters, expected, any, input, null, null);
        }
        var wrapper = wrapper(rest, input);
        var codec = wrapper == null ? spread(prototype, rest, input) : record(prototype(wrapper.type()), input);
        return new RequestCodec<>(
                parameters, expected, any, input, wrapper == null ? null : wrapper.withDefault(), codec);
    }

    ResponseCodec response(MethodDescriptor<Message, Message> method, Description<?, ?> operation) {
        var prototype = prototype(method.getResponseMarshaller());
        var rest = fields(prototype);
        var parts = new ArrayList<ResponseCodec.Part>();
        var output = operation.output();
        var version = components(output).containsKey(VERSION) ? null : rest.remove(VERSION);
        if (version != null) {
            requireType(version, "it is a version", JavaType.LONG);
            parts.add(ResponseCodec.Part.version(version));
        }
        if (output == Page.class) {
            page(prototype, operation, rest, parts);
        } else if (output.isRecord() && output != Nothing.class) {
            var wrapper = wrapper(rest, output);
            parts.add(
                    wrapper == null
                            ? ResponseCodec.Part.spread(spread(prototype, rest, output))
                            : ResponseCodec.Part.field(wrapper, record(prototype(wrapper.type()), output)));
        } else if (rest.size() == 1 && output != Nothing.class) {
            var field = rest.values().iterator().next();
            parts.add(ResponseCodec.Part.field(
                    field, codec(field.descriptor(), field.type(), output, name(field), "the answer")));
        } else {
            rest.values().forEach(field -> refuse.accept(operation.name() + " answers nothing for " + name(field)));
            if (output != Nothing.class) {
                refuse.accept(prototype.getDescriptorForType().getName() + " must have one field for the answer of "
                        + operation.name());
            }
        }
        return new ResponseCodec(prototype, List.copyOf(parts));
    }

    private void page(
            Message prototype, Description<?, ?> operation, Map<String, Field> rest, List<ResponseCodec.Part> parts) {
        var next = rest.remove(NEXT);
        var items = rest.size() == 1 ? rest.values().iterator().next() : null;
        if (next == null
                || next.has() == null
                || next.descriptor().getJavaType() != JavaType.STRING
                || items == null
                || !items.descriptor().isRepeated()) {
            refuse.accept(prototype.getDescriptorForType().getName()
                    + " must have a repeated field and \"optional string next\", since " + operation.name()
                    + " answers a page");
            return;
        }
        var element = operation.element().orElseThrow();
        parts.add(ResponseCodec.Part.items(
                items,
                new Codec.Each(
                        codec(items.descriptor(), argument(items.type(), 0), element, name(items), "the page's"))));
        parts.add(ResponseCodec.Part.next(next));
    }

    /// The one field whose message is the record; nothing if the fields are its components.
    private static @Nullable Field wrapper(Map<String, Field> fields, Class<?> type) {
        if (fields.size() != 1) {
            return null;
        }
        var only = fields.entrySet().iterator().next();
        var descriptor = only.getValue().descriptor();
        return descriptor.getJavaType() == JavaType.MESSAGE
                        && !descriptor.isRepeated()
                        && !isWellKnown(descriptor.getMessageType())
                        && !components(type).containsKey(only.getKey())
                ? only.getValue()
                : null;
    }

    private static boolean isWellKnown(Descriptor message) {
        return message.getFile().getPackage().equals("google.protobuf");
    }

    private RecordCodec record(Message prototype, Class<?> type) {
        var pair = new Pair(prototype.getClass(), type);
        var known = records.get(pair);
        if (known != null) {
            return known;
        }
        var codec = new RecordCodec(prototype, constructor(type));
        records.put(pair, codec);
        return fill(codec, prototype, fields(prototype), type);
    }

    private RecordCodec spread(Message prototype, Map<String, Field> fields, Class<?> type) {
        return fill(new RecordCodec(prototype, constructor(type)), prototype, fields, type);
    }

    private RecordCodec fill(RecordCodec codec, Message prototype, Map<String, Field> fields, Class<?> type) {
        var components = components(type);
        var slots = new ArrayList<RecordCodec.Slot>();
        components.forEach((name, component) -> {
            var field = fields.get(name);
            if (field == null) {
                refuse.accept("the message " + prototype.getDescriptorForType().getName() + " has no field for "
                        + name(component));
            } else {
                slots.add(slot(component, field));
            }
        });
        fields.forEach((name, field) -> {
            if (!components.containsKey(name)) {
                refuse.accept("the record " + type.getSimpleName() + " has no component for " + name(field));
            }
        });
        codec.slots(slots);
        return codec;
    }

    private RecordCodec.Slot slot(RecordComponent component, Field field) {
        var isOptional = component.getType() == Optional.class;
        var type = isOptional ? argument(component.getGenericType(), 0) : component.getGenericType();
        var codec = field.descriptor().isMapField()
                ? entries(component, field, type)
                : field.descriptor().isRepeated()
                        ? each(component, field, type)
                        : codec(field.descriptor(), field.type(), type, name(field), name(component));
        var mayBeAbsent = isOptional || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        var knowsAbsence = field.has() != null
                || field.descriptor().isRepeated()
                || (codec instanceof EnumCodec constants && constants.knowsAbsence());
        if (mayBeAbsent && !knowsAbsence) {
            refuse.accept(name(field) + " must be optional: " + name(component) + " may be absent");
        }
        if (field.has() != null && component.getType().isPrimitive()) {
            refuse.accept(name(field) + " may be absent, and " + name(component) + " may not");
        }
        return new RecordCodec.Slot(component.getName(), field, accessor(component), codec, isOptional);
    }

    private Codec each(RecordComponent component, Field field, Type type) {
        if (raw(type) != List.class) {
            refuse.accept(name(field) + " is repeated, and " + name(component) + " no list");
            return Codec.SAME;
        }
        return new Codec.Each(
                codec(field.descriptor(), argument(field.type(), 0), argument(type, 0), name(field), name(component)));
    }

    private Codec entries(RecordComponent component, Field field, Type type) {
        if (raw(type) != Map.class) {
            refuse.accept(name(field) + " is a map, and " + name(component) + " is none");
            return Codec.SAME;
        }
        var entry = field.descriptor().getMessageType();
        return new Codec.Entries(
                codec(
                        entry.findFieldByNumber(1),
                        argument(field.type(), 0),
                        argument(type, 0),
                        name(field),
                        name(component)),
                codec(
                        entry.findFieldByNumber(2),
                        argument(field.type(), 1),
                        argument(type, 1),
                        name(field),
                        name(component)));
    }

    /// Of a single value.
    ///
    /// @param inMessage its type as the generated code has it
    private Codec codec(FieldDescriptor field, Type inMessage, Type type, String fieldName, String componentName) {
        var inRecord = raw(type);
        var kind = field.getJavaType();
        if (UNSIGNED.contains(field.getType())) {
            refuse.accept(fieldName + " is " + kindOf(field) + ", which Java does not have: take int64");
            return Codec.SAME;
        }
        if (SAME.getOrDefault(kind, Set.of()).contains(inRecord)) {
            return Codec.SAME;
        }
        if (kind == JavaType.STRING && Codec.TEXTS.containsKey(inRecord)) {
            return Codec.TEXTS.get(inRecord);
        }
        if (kind == JavaType.BYTE_STRING && inRecord == byte[].class) {
            return Codec.BYTES;
        }
        if (kind == JavaType.ENUM && inRecord.isEnum()) {
            return new EnumCodec(field.getEnumType(), inRecord, refuse);
        }
        if (inMessage == Timestamp.class && inRecord == Instant.class) {
            return Codec.TIMESTAMP;
        }
        if (inMessage == Duration.class && inRecord == java.time.Duration.class) {
            return Codec.DURATION;
        }
        if (kind == JavaType.MESSAGE && inRecord.isRecord() && !isWellKnown(field.getMessageType())) {
            return record(prototype(inMessage), inRecord);
        }
        refuse.accept(
                fieldName + " is " + kindOf(field) + ", and " + componentName + " is " + inRecord.getSimpleName());
        return Codec.SAME;
    }

    private static String kindOf(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getName();
            case ENUM -> field.getEnumType().getName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private void requireType(Field field, String reason, JavaType... kinds) {
        if (field.descriptor().isRepeated()
                || !Arrays.asList(kinds).contains(field.descriptor().getJavaType())) {
            refuse.accept(name(field) + " has the wrong type: " + reason);
        }
    }

    /// By what they stand for.
    private Map<String, Field> fields(Message prototype) {
        var fields = new LinkedHashMap<String, Field>();
        for (var descriptor : prototype.getDescriptorForType().getFields()) {
            var name = descriptor.getContainingType().getName() + "." + descriptor.getName();
            try {
                unused.remove(name);
                var field = Field.of(prototype.getClass(), descriptor);
                if (fields.put(names.getOrDefault(name, descriptor.getJsonName()), field) != null) {
                    refuse.accept("two fields of "
                            + descriptor.getContainingType().getName() + " stand for " + names.get(name));
                }
            } catch (ReflectiveOperationException e) {
                refuse.accept(name + " has a name that Java's generated code cannot keep: " + e.getMessage());
            }
        }
        return fields;
    }

    private static Message prototype(MethodDescriptor.Marshaller<Message> marshaller) {
        if (marshaller instanceof PrototypeMarshaller<Message> generated) {
            return Objects.requireNonNull(generated.getMessagePrototype());
        }
        throw new IllegalArgumentException("the service was not generated by protoc for Java");
    }

    private static Message prototype(Type type) {
        try {
            return (Message) raw(type).getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no generated message", e);
        }
    }

    private static Map<String, RecordComponent> components(Class<?> type) {
        var components = new LinkedHashMap<String, RecordComponent>();
        if (type.isRecord()) {
            for (var component : type.getRecordComponents()) {
                components.put(component.getName(), component);
            }
        }
        return components;
    }

    /// Takes an array of the components.
    private static MethodHandle constructor(Class<?> type) {
        var types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return lookup(type)
                    .findConstructor(type, MethodType.methodType(void.class, types))
                    .asType(MethodType.genericMethodType(types.length))
                    .asSpreader(Object[].class, types.length);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no canonical constructor", e);
        }
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            return lookup(component.getDeclaringRecord())
                    .unreflect(component.getAccessor())
                    .asType(READER);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> (Class<?>) generic.getRawType();
            default -> Object.class;
        };
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[index] : Object.class;
    }

    private static String name(Field field) {
        return field.descriptor().getContainingType().getName() + "."
                + field.descriptor().getName();
    }

    private static String name(RecordComponent component) {
        return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
    }
}
