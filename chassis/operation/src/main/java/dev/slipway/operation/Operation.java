package dev.slipway.operation;

import dev.slipway.core.Isolation;
import dev.slipway.core.Problem;
import dev.slipway.security.Policy;

/// One thing that a service does for its callers: what it takes and answers, who may call it, and the work itself.
///
/// It knows no protocol. REST, gRPC and GraphQL each give it an address, and call it by the same chain:
/// [Operations#perform]. Immutable; its handlers must be thread-safe.
///
/// Its work has up to two phases: what is [prepared][Builder#prepare] without a transaction, and what is
/// [handled][Builder#handle] in one. An operation that changes nothing [reads][Builder#read] and has neither.
///
/// @param <I> the input that is validated
/// @param <O> what it answers
public final class Operation<I, O> {

    /// Does the work; called with validated input by a caller that the policy lets pass.
    @FunctionalInterface
    public interface Handler<I, O> {
        Outcome<O> handle(Call<I> call) throws Exception;
    }

    /// Does the work with what was prepared for it.
    @FunctionalInterface
    public interface PreparedHandler<I, P, O> {
        Outcome<O> handle(Call<I> call, P prepared) throws Exception;
    }

    /// The work, by its phases.
    sealed interface Work<I, O> {
        record Read<I, O>(Handler<I, O> handler) implements Work<I, O> {}

        record Change<I, O>(Handler<I, O> handler) implements Work<I, O> {}

        record PreparedChange<I, P, O>(Handler<I, P> preparation, PreparedHandler<I, P, O> handler)
                implements Work<I, O> {}
    }

    private final Description<I, O> description;
    private final Work<I, O> work;

    private Operation(Description<I, O> description, Work<I, O> work) {
        this.description = description;
        this.work = work;
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

    Work<I, O> work() {
        return work;
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

        /// Refusals that callers should know of.
        public Builder<I, O> refuses(Problem... problems) {
            var known = description;
            for (var problem : problems) {
                known = known.withRefusal(problem.kind(), problem.code());
            }
            return new Builder<>(known);
        }

        /// Takes an idempotency key: the work of one key is done once, and repetitions get the first answer.
        public Builder<I, O> idempotent() {
            return new Builder<>(description.with(description.traits().withIdempotency()));
        }

        /// Demands to know which version the caller has seen ([Expected]).
        public Builder<I, O> conditional() {
            return new Builder<>(description.with(description.traits().withCondition()));
        }

        /// How strongly its transaction is isolated; READ COMMITTED without this.
        public Builder<I, O> isolation(Isolation level) {
            return new Builder<>(description.with(description.traits().withIsolation(level)));
        }

        /// Says that the handler may run again if its transaction lost against another: it has no effect outside the
        /// database, or one that may be repeated.
        ///
        /// @param attempts how often in all
        public Builder<I, O> repeatable(int attempts) {
            return new Builder<>(description.with(description.traits().withAttempts(attempts)));
        }

        /// What comes before the transaction: calls to other services, reads that need not be consistent with the change.
        /// No transaction runs and no connection is held meanwhile. A refusal ends the call.
        ///
        /// It is done once for each call, also if the handler is repeated, or tried with each of the
        /// versions that the caller may have seen (it is told the first). Calls with the same idempotency key may both
        /// prepare, if they come at once: only what the handler does is done once.
        public <P> Prepared<I, P, O> prepare(Handler<I, P> preparation) {
            return new Prepared<>(description, preparation);
        }

        /// The work of an operation that changes something: always in one transaction, which is undone if the outcome is
        /// a refusal or the handler throws. It must not call other services.
        public Operation<I, O> handle(Handler<I, O> handler) {
            return new Operation<>(description, new Work.Change<>(handler));
        }

        /// The work of an operation that changes nothing; it runs without a transaction.
        public Operation<I, O> read(Handler<I, O> handler) {
            return new Operation<>(
                    description.with(description.traits().withEffect(Description.Effect.READS)),
                    new Work.Read<>(handler));
        }
    }

    /// Describes an operation that prepares its work.
    public static final class Prepared<I, P, O> {
        private final Description<I, O> description;
        private final Handler<I, P> preparation;

        private Prepared(Description<I, O> description, Handler<I, P> preparation) {
            this.description = description;
            this.preparation = preparation;
        }

        /// As [Builder#handle].
        public Operation<I, O> handle(PreparedHandler<I, P, O> handler) {
            return new Operation<>(description, new Work.PreparedChange<>(preparation, handler));
        }
    }
}
