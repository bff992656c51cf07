package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.operation.Expected;
import dev.slipway.operation.Nothing;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a message asks of an operation: the values of its parameters, the version that the caller has seen, its input.
///
/// @param expectedVersion nothing if the operation is not conditional
/// @param anyVersion nothing if the message has no such field
/// @param type of the input
/// @param wrapper the field whose message is the input; nothing if the request itself is
/// @param codec of the input; nothing if the operation takes none
record RequestCodec<I>(
        Map<String, Field> parameters,
        @Nullable Field expectedVersion,
        @Nullable Field anyVersion,
        Class<I> type,
        @Nullable Field wrapper,
        @Nullable RecordCodec codec) {

    String parameter(String name, Message request) {
        var field = parameters.get(name);
        var value = field == null ? null : field.read(request);
        return value == null ? "" : value.toString();
    }

    Expected expected(Message request) {
        if (anyVersion != null && Boolean.TRUE.equals(anyVersion.read(request))) {
            return new Expected.Any();
        }
        return expectedVersion != null && expectedVersion.read(request) instanceof Long version
                ? new Expected.Exactly(version)
                : new Expected.Unsaid();
    }

    /// @throws dev.slipway.core.ProblemException that says which field is wrong
    I input(Message request) {
        if (codec == null) {
            return type.cast(Nothing.NOTHING);
        }
        return type.cast(codec.read(wrapper == null ? request : Objects.requireNonNull(wrapper.read(request))));
    }
}
