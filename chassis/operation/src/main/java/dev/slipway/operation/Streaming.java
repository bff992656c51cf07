package dev.slipway.operation;

import dev.slipway.core.Problem;
import dev.slipway.security.Policy;

/// An [Operation] that answers with a stream: changes as they happen, or progress while it takes a stream itself.
///
/// The handler runs on a virtual thread of its own and blocks: [Emitter#send] while the client is slow, the next of
/// its [Items] until it is there. When the client goes, that thread is interrupted.
///
/// @param <I> a record, or the [Items] that the client sends
/// @param <O> one element of the answer
public final class Streaming<I, O> {

    /// Does the work; the stream ends when it returns. What it throws ends the stream with a problem.
    @FunctionalInterface
    public interface Handler<I, O> {
        void handle(Call<I> call, Emitter<O> out) throws Exception;
    }

    private final Description<I, O> description;
    private final Class<?> item;
    private final Handler<I, O> handler;

    private Streaming(Description<I, O> description, Class<?> item, Handler<I, O> handler) {
        this.description = description;
        this.item = item;
        this.handler = handler;
    }

    /// @param name stable and unique in a service, for example `watchPrices`
    /// @param about one sentence for the API's documents
    public static Builder<Nothing, Nothing> named(String name, String about) {
        var description = Description.of(name, about);
        return new Builder<>(
                description.with(description.traits().withEffect(Description.Effect.STREAMS)), Nothing.class);
    }

    public Description<I, O> description() {
        return description;
    }

    public String name() {
        return description.name();
    }

    /// What the client streams; [Nothing] if it does not stream.
    public Class<?> item() {
        return item;
    }

    public boolean takesItems() {
        return item != Nothing.class;
    }

    Handler<I, O> handler() {
        return handler;
    }

    /// Describes a streaming operation. Each step gives a new builder.
    public static final class Builder<I, O> {
        private final Description<I, O> description;
        private final Class<?> item;

        private Builder(Description<I, O> description, Class<?> item) {
            this.description = description;
            this.item = item;
        }

        /// As [Operation.Builder#on].
        public Builder<I, O> on(Parameter<?>... parameters) {
            return new Builder<>(description.withParameters(parameters), item);
        }

        /// Takes this record, checked by the constraints on its components.
        public <J extends Record> Builder<J, O> input(Class<J> type) {
            return new Builder<>(description.withInput(type), item);
        }

        /// Takes a stream of these, each checked by the constraints on its components when its turn comes.
        @SuppressWarnings("unchecked") // the class of the items is the same whatever they are
        public <T extends Record> Builder<Items<T>, O> items(Class<T> type) {
            return new Builder<>(description.withInput((Class<Items<T>>) (Class<?>) Items.class), type);
        }

        /// Answers a stream of these.
        public <P> Builder<I, P> output(Class<P> type) {
            return new Builder<>(description.withOutput(type), item);
        }

        /// Who may call it. An operation without a policy fails the start.
        public Builder<I, O> policy(Policy who) {
            return new Builder<>(description.withPolicy(who), item);
        }

        /// A refusal that callers should know of, by its stable code.
        public Builder<I, O> refuses(Problem.Kind kind, String code) {
            return new Builder<>(description.withRefusal(kind, code), item);
        }

        public Streaming<I, O> handle(Handler<I, O> handler) {
            return new Streaming<>(description, item, handler);
        }
    }
}
