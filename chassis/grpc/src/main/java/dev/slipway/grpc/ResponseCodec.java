package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.operation.Page;
import java.util.List;
import java.util.OptionalLong;

/// Makes the message of an answer.
///
/// @param parts write what the operation answered, and its version
record ResponseCodec(Message prototype, List<Part> parts) {

    @FunctionalInterface
    interface Part {
        void write(Message.Builder builder, Object value, OptionalLong version);

        static Part spread(RecordCodec codec) {
            return (builder, value, version) -> codec.write(builder, value);
        }

        static Part field(Field field, Codec codec) {
            return (builder, value, version) -> field.write(builder, codec.write(value));
        }

        static Part items(Field field, Codec codec) {
            return (builder, page, version) -> field.write(builder, codec.write(((Page<?>) page).items()));
        }

        static Part next(Field field) {
            return (builder, page, version) ->
                    ((Page<?>) page).next().ifPresent(cursor -> field.write(builder, cursor));
        }

        static Part version(Field field) {
            return (builder, value, version) -> version.ifPresent(number -> field.write(builder, number));
        }
    }

    Message write(Object value, OptionalLong version) {
        var builder = prototype.newBuilderForType();
        for (var part : parts) {
            part.write(builder, value, version);
        }
        return builder.build();
    }
}
