package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/// A message as it arrived. One that could not be read is a message too, so that its call is refused as any other is:
/// by itself gRPC answers `UNKNOWN` and says no more.
sealed interface Received {
    Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "body-too-large", "The message is too large when it is unpacked.");
    Problem MALFORMED = Problem.of(Kind.INVALID, "bad-request", "The message is not what this method takes.");

    record Intact(Message value) implements Received {}

    record Unreadable(Problem why) implements Received {}

    /// @throws ProblemException if it could not be read
    default Message read() {
        return switch (this) {
            case Intact(var value) -> value;
            case Unreadable(var why) -> throw why.asException();
        };
    }

    /// The method as the server takes it from the transport.
    static MethodDescriptor<Received, Message> by(MethodDescriptor<Message, Message> method) {
        return method.toBuilder(new Reader(method.getRequestMarshaller()), method.getResponseMarshaller())
                .build();
    }

    /// Unpacks and parses.
    record Reader(MethodDescriptor.Marshaller<Message> plain) implements MethodDescriptor.Marshaller<Received> {
        @Override
        public Received parse(InputStream bytes) {
            try {
                return new Intact(plain.parse(bytes));
            } catch (StatusRuntimeException e) {
                return new Unreadable(
                        e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? TOO_LARGE : MALFORMED);
            }
        }

        @Override
        public InputStream stream(Received message) {
            return plain.stream(message.read());
        }
    }
}
