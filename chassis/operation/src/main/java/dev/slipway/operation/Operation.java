package dev.slipway.operation;

import dev.slipway.core.Problem;
import dev.slipway.security.Policy;

/// One thing that a service does for its callers: what it takes and answers, who may call it, and the work itself.
///
/// It knows no protocol. REST, gRPC and GraphQL each give it an address, and call it by the same chain:
/// [Operations#perform]. Immutable; its handler must be thread-safe.
///
/// @param <I> the input that is validated
/// @param <O> what it answers
public final class Operation<I, O> {

    /// Does the work; called with validated input by a caller that the policy lets pass.
    @FunctionalInterface
    public interface Handler<I, O> {
        Outcome<O> handle(Call<I> call) throws Exception;
    }

    private final Description<I, O> description;
    private final Handler<I, O> handler;

    private Operation(Description<I, O> description, Handler<I, O> handler) {
        this.description = description;
        this.handler = handler;
    }

    /// @param name stable and unique in a service, for example `createProfile`
    /// @param about one sentence for the API's documents
    public static Builder<Nothing, Nothing> named(String name, String about) {
        return new Builder<>(Description.of(name, about));
    }

    public Description<I, O> description() {
        return description;
    }

    public String name() {
        return description.name();
    }

    Handler<I, O> handler() {
        return handler;
    }

    /// Describes an operation. Each step gives a new builder.
    public static final class Builder<I, O> {
        private final Description<I, O> description;

        private Builder(Description<I, O> description) {
            this.description = description;
        }

        /// What the operation is about: the path's parameters in REST, arguments in the other protocols, and what the
        /// policy decides on. In their order.
        public Builder<I, O> on(Parameter<?>... parameters) {
            return new Builder<>(description.withParameters(parameters));
        }

        /// Takes this record, checked by the constraints on its components.
        public <J extends Record> Builder<J, O> input(Class<J> type) {
            return new Builder<>(description.withInput(type));
        }

        public <P> Builder<I, P> output(Class<P> type) {
            return new Builder<>(description.withOutput(type));
        }

        /// Answers a [Page] of these.
        public <T> Builder<I, Page<T>> pageOf(Class<T> element) {
            return new Builder<>(description.withPageOf(element));
        }

        /// Who may call it. An operation without a policy fails the start.
        public Builder<I, O> policy(Policy who) {
            return new Builder<>(description.withPolicy(who));
        }

        /// A refusal that callers should know of, by its stable code.
        public Builder<I, O> refuses(Problem.Kind kind, String code) {
            return new Builder<>(description.withRefusal(kind, code));
        }

        /// Takes an idempotency key: the work of one key is done once, and repetitions get the first answer.
        public Builder<I, O> idempotent() {
            return new Builder<>(description.withIdempotency());
        }

        /// Demands to know which version the caller has seen ([Expected]).
        public Builder<I, O> conditional() {
            return new Builder<>(description.withCondition());
        }

        public Operation<I, O> handle(Handler<I, O> handler) {
            return new Operation<>(description, handler);
        }
    }
}
