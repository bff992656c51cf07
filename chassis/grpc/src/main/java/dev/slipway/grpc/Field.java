package dev.slipway.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A field of a generated message, by its accessors. An enum is its number, so that one that is not known can be told.
///
/// @param type what `get` gives
/// @param has nothing if it cannot be told whether the field is there
record Field(
        FieldDescriptor descriptor,
        Type type,
        MethodHandle get,
        @Nullable MethodHandle has,
        MethodHandle set) {
    private static final Pattern AFTER_NO_LETTER = Pattern.compile("(?<![A-Za-z])[a-z]");
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();
    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);
    private static final MethodType CONDITION = MethodType.methodType(boolean.class, Object.class);
    private static final MethodType SETTER = MethodType.methodType(void.class, Object.class, Object.class);

    /// @throws NoSuchMethodException if the generated class calls it something else
    static Field of(Class<? extends Message> message, FieldDescriptor descriptor) throws ReflectiveOperationException {
        var name = camelCase(descriptor.getName());
        var number = valueType(descriptor) == JavaType.ENUM ? "Value" : "";
        var get = message.getMethod("get" + name + number + kind(descriptor));
        var builder = message.getMethod("newBuilder").getReturnType();
        var set = descriptor.isMapField()
                ? builder.getMethod("putAll" + name + number, Map.class)
                : descriptor.isRepeated()
                        ? builder.getMethod("addAll" + name + number, Iterable.class)
                        : builder.getMethod("set" + name + number, get.getReturnType());
        return new Field(
                descriptor,
                get.getGenericReturnType(),
                LOOKUP.unreflect(get).asType(GETTER),
                descriptor.hasPresence()
                        ? LOOKUP.unreflect(message.getMethod("has" + name)).asType(CONDITION)
                        : null,
                LOOKUP.unreflect(set).asType(SETTER));
    }

    private static String kind(FieldDescriptor descriptor) {
        return descriptor.isMapField() ? "Map" : descriptor.isRepeated() ? "List" : "";
    }

    private static JavaType valueType(FieldDescriptor descriptor) {
        return descriptor.isMapField()
                ? descriptor.getMessageType().findFieldByNumber(2).getJavaType()
                : descriptor.getJavaType();
    }

    /// As the generator does it: a capital follows what is no letter.
    private static String camelCase(String name) {
        return AFTER_NO_LETTER
                .matcher(name)
                .replaceAll(letter -> letter.group().toUpperCase(Locale.ROOT))
                .replace("_", "");
    }

    /// The same, whose default is taken for a value.
    Field withDefault() {
        return new Field(descriptor, type, get, null, set);
    }

    /// @return nothing if it is not there, as far as that can be told
    @Nullable
    Object read(Object message) {
        try {
            return has == null || (boolean) has.invokeExact(message) ? (Object) get.invokeExact(message) : null;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void write(Message.Builder builder, Object value) {
        try {
            set.invokeExact((Object) builder, value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
