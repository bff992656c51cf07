package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.operation.Description;
import dev.slipway.operation.Items;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Streaming;
import io.grpc.MethodDescriptor;

/// An operation and the method by which it is called.
sealed interface Binding {

    /// A method that takes one message.
    sealed interface SingleRequest extends Binding {}

    MethodDescriptor<Message, Message> method();

    default Description<?, ?> description() {
        return switch (this) {
            case Unary<?, ?> unary -> unary.operation().description();
            case ServerStream<?, ?> stream -> stream.operation().description();
            case RequestStream<?, ?> stream -> stream.operation().description();
        };
    }

    record Unary<I, O>(
            MethodDescriptor<Message, Message> method,
            Operation<I, O> operation,
            RequestCodec<I> request,
            ResponseCodec response)
            implements SingleRequest {}

    /// One message in, a stream out.
    record ServerStream<I, O>(
            MethodDescriptor<Message, Message> method,
            Streaming<I, O> operation,
            RequestCodec<I> request,
            ResponseCodec response)
            implements SingleRequest {}

    /// A stream in; a stream out, or only its last element.
    record RequestStream<T, O>(
            MethodDescriptor<Message, Message> method,
            Streaming<Items<T>, O> operation,
            RequestCodec<T> item,
            ResponseCodec response)
            implements Binding {}
}
