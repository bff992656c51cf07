package dev.slipway.grpc;

import dev.slipway.operation.Description;
import dev.slipway.operation.Items;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Streaming;
import io.grpc.MethodDescriptor;
import java.util.function.Function;

/// An operation and the method by which it is called.
///
/// @param <Q> the method's request
/// @param <R> the method's response
sealed interface Binding<Q, R> {

    /// A method that takes one message.
    sealed interface Single<Q, R> extends Binding<Q, R> {}

    MethodDescriptor<Q, R> method();

    Description<?, ?> description();

    record Unary<Q, I, O, R>(
            MethodDescriptor<Q, R> method,
            Operation<I, O> operation,
            Function<Q, Arguments<I>> request,
            Function<Outcome.Done<O>, R> response)
            implements Single<Q, R> {
        @Override
        public Description<?, ?> description() {
            return operation.description();
        }
    }

    /// One message in, a stream out.
    record Watch<Q, I, O, R>(
            MethodDescriptor<Q, R> method,
            Streaming<I, O> operation,
            Function<Q, Arguments<I>> request,
            Function<O, R> response)
            implements Single<Q, R> {
        @Override
        public Description<?, ?> description() {
            return operation.description();
        }
    }

    /// A stream in; a stream out, or only its last element.
    record Feed<Q, T, O, R>(
            MethodDescriptor<Q, R> method,
            Streaming<Items<T>, O> operation,
            Function<Q, T> item,
            Function<O, R> response)
            implements Binding<Q, R> {
        @Override
        public Description<?, ?> description() {
            return operation.description();
        }
    }
}
