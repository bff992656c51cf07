package dev.slipway.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;

/// Sends messages with random values to each unary method.
final class RandomGrpc {
    private static final int CALLS = 60;
    private static final int DEEPEST = 4;

    private RandomGrpc() {}

    /// @param subject of the callers, one for each method, so that no limit of calls is met
    /// @return the calls that were answered by a failure of the service, and whether all were refused
    static List<String> failures(
            TestService service, GrpcSpeaker speaker, RandomValues values, String subject, List<String> roles)
            throws InvalidProtocolBufferException {
        var failures = new ArrayList<String>();
        var done = false;
        for (var method : speaker.methods()) {
            for (var i = 0; i < CALLS; i++) {
                var metadata = new Metadata();
                GrpcSpeaker.put(
                        metadata, "authorization", "Bearer " + service.token(subject + "-" + method.getName(), roles));
                var request = message(method.getInputType(), values, DEEPEST);
                var answer = speaker.send(method, request, metadata);
                if (answer.isFailure()) {
                    failures.add("%s%n%sis answered by %s".formatted(method.getFullName(), request, answer));
                }
                done |= answer.code().equals(Answer.DONE);
            }
        }
        if (!done) {
            failures.add("every call is refused");
        }
        return failures;
    }

    private static DynamicMessage message(Descriptor type, RandomValues values, int depth) {
        var message = DynamicMessage.newBuilder(type);
        for (var field : type.getFields()) {
            if (field.isRepeated()) {
                for (var i = values.random().nextInt(4); i > 0; i--) {
                    message.addRepeatedField(field, value(field, values, depth));
                }
            } else if (!values.oneIn(
                    field.hasPresence() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE ? 2 : 8)) {
                message.setField(field, value(field, values, depth));
            }
        }
        if (values.oneIn(8)) {
            message.setUnknownFields(UnknownFieldSet.newBuilder()
                    .addField(
                            9_999,
                            UnknownFieldSet.Field.newBuilder()
                                    .addVarint(values.number())
                                    .build())
                    .build());
        }
        return message.build();
    }

    private static Object value(FieldDescriptor field, RandomValues values, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) values.number(field.getJsonName());
            case LONG -> values.number(field.getJsonName());
            case FLOAT -> (float) values.fraction();
            case DOUBLE -> values.fraction();
            case BOOLEAN -> values.oneIn(2);
            case STRING -> values.text(field.getJsonName());
            case BYTE_STRING -> ByteString.copyFrom(values.bytes());
            case ENUM ->
                values.oneIn(4)
                        ? field.getEnumType().findValueByNumberCreatingIfUnknown((int) values.number())
                        : values.any(field.getEnumType().getValues());
            case MESSAGE ->
                depth == 0
                        ? DynamicMessage.getDefaultInstance(field.getMessageType())
                        : message(field.getMessageType(), values, depth - 1);
        };
    }
}
