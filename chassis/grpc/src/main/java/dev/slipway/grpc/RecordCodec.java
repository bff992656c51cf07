package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.core.ProblemException;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message and the record that has a component for each of its fields.
///
/// The accessors of both are method handles that were found at the start: nothing is looked up for a call.
final class RecordCodec implements Codec {
    private final Message prototype;
    private final MethodHandle constructor;
    private Slot[] slots = {};

    /// A component, in the order of the record, and its field.
    ///
    /// @param component reads it
    /// @param optional whether it is an [Optional]
    record Slot(String name, Field field, MethodHandle component, Codec codec, boolean optional) {

        @Nullable
        Object read(Object message) {
            var inMessage = field.read(message);
            Object value = null;
            if (inMessage != null) {
                try {
                    value = codec.read(inMessage);
                } catch (ProblemException e) {
                    throw Invalid.below(name, e);
                }
            }
            return optional ? Optional.ofNullable(value) : value;
        }

        /// What is absent is not set.
        void write(Message.Builder builder, Object record) throws Throwable {
            var value = (Object) component.invokeExact(record);
            if (optional && value != null) {
                value = ((Optional<?>) value).orElse(null);
            }
            if (value != null) {
                field.write(builder, codec.write(value));
            }
        }
    }

    /// @param constructor takes an array of the components
    RecordCodec(Message prototype, MethodHandle constructor) {
        this.prototype = prototype;
        this.constructor = constructor;
    }

    /// A record may hold others of its own type, so it is known before its slots are.
    void slots(List<Slot> all) {
        slots = all.toArray(Slot[]::new);
    }

    @Override
    public Object read(Object message) {
        @Nullable Object[] values = new @Nullable Object[slots.length];
        for (var i = 0; i < slots.length; i++) {
            values[i] = slots[i].read(message);
        }
        try {
            return (Object) constructor.invokeExact(values);
        } catch (RuntimeException e) {
            throw Invalid.refused(e);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Message write(Object record) {
        var builder = prototype.newBuilderForType();
        write(builder, record);
        return builder.build();
    }

    void write(Message.Builder builder, Object record) {
        try {
            for (var slot : slots) {
                slot.write(builder, record);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
