package dev.slipway.grpc;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/// A message as it arrived. One that could not be read is a message too, so that its call is refused as any other is:
/// by itself gRPC answers `UNKNOWN` and says no more.
sealed interface Received<Q> {
    Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "body-too-large", "The message is too large when it is unpacked.");
    Problem MALFORMED = Problem.of(Kind.INVALID, "bad-request", "The message is not what this method takes.");

    record Message<Q>(Q value) implements Received<Q> {}

    record Unreadable<Q>(Problem why) implements Received<Q> {}

    /// @throws ProblemException if it could not be read
    default Q read() {
        return switch (this) {
            case Message<Q>(var value) -> value;
            case Unreadable<Q>(var why) -> throw why.asException();
        };
    }

    /// The method as the server takes it from the transport.
    static <Q, R> MethodDescriptor<Received<Q>, R> by(MethodDescriptor<Q, R> method) {
        var marshaller = method.getRequestMarshaller();
        return method.toBuilder(new Reader<>(marshaller), method.getResponseMarshaller())
                .build();
    }

    /// Unpacks and parses.
    record Reader<Q>(MethodDescriptor.Marshaller<Q> plain) implements MethodDescriptor.Marshaller<Received<Q>> {
        @Override
        public Received<Q> parse(InputStream bytes) {
            try {
                return new Message<>(plain.parse(bytes));
            } catch (StatusRuntimeException e) {
                return new Unreadable<>(
                        e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? TOO_LARGE : MALFORMED);
            }
        }

        @Override
        public InputStream stream(Received<Q> message) {
            return plain.stream(message.read());
        }
    }
}
