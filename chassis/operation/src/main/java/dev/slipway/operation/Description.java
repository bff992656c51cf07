package dev.slipway.operation;

import dev.slipway.core.Isolation;
import dev.slipway.core.Problem;
import dev.slipway.core.Transactions;
import dev.slipway.security.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What is known of an operation without calling it; from it come validation, authorisation and the API's documents.
///
/// @param parameters what it is about, in the order of its path
/// @param input [Nothing] if it takes nothing else
/// @param output [Nothing] if it answers nothing
/// @param element what a [Page] is a page of
/// @param refusals foreseen ones; those of the chain itself are not among them
public record Description<I, O>(
        String name,
        String about,
        List<Parameter<?>> parameters,
        Class<I> input,
        Class<O> output,
        Optional<Class<?>> element,
        Optional<Policy> policy,
        List<KnownProblem> refusals,
        Traits traits) {

    /// A problem that callers should know of, by its stable code.
    public record KnownProblem(Problem.Kind kind, String code) {}

    /// What an operation does to the service's data.
    public enum Effect {
        /// Nothing: it may be called as often as one likes.
        READS,
        /// It changes it, in one transaction.
        CHANGES,
        /// It answers with a stream, and begins transactions of its own, if any.
        STREAMS
    }

    /// How an operation is called and runs.
    ///
    /// @param idempotent whether it takes an idempotency key
    /// @param conditional whether it demands the version that the caller has seen
    /// @param transaction how the transaction runs, if it changes something
    public record Traits(Effect effect, boolean idempotent, boolean conditional, Transactions.Mode transaction) {
        static final Traits DEFAULT = new Traits(Effect.CHANGES, false, false, Transactions.Mode.DEFAULT);

        Traits withEffect(Effect other) {
            return new Traits(other, idempotent, conditional, transaction);
        }

        Traits withIdempotency() {
            return new Traits(effect, true, conditional, transaction);
        }

        Traits withCondition() {
            return new Traits(effect, idempotent, true, transaction);
        }

        Traits withIsolation(Isolation level) {
            return new Traits(effect, idempotent, conditional, new Transactions.Mode(level, transaction.attempts()));
        }

        Traits withAttempts(int attempts) {
            return new Traits(
                    effect, idempotent, conditional, new Transactions.Mode(transaction.isolation(), attempts));
        }
    }

    public Description {
        parameters = List.copyOf(parameters);
        refusals = List.copyOf(refusals);
    }

    static Description<Nothing, Nothing> of(String name, String about) {
        return new Description<>(
                name,
                about,
                List.of(),
                Nothing.class,
                Nothing.class,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Traits.DEFAULT);
    }

    /// What is wrong with it; empty if nothing is.
    public List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        if (name.isEmpty()) {
            mistakes.add("an operation has no name");
        }
        if (policy.isEmpty()) {
            mistakes.add(name + " has no policy; say who may call it, Policy.anyone() if everybody");
        }
        policy.map(Policy::parameters).orElse(Set.of()).stream()
                .filter(owned ->
                        parameters.stream().noneMatch(known -> known.name().equals(owned)))
                .forEach(owned -> mistakes.add(name + " asks whose {" + owned + "} is, but has no such parameter"));
        if (traits.effect() == Effect.READS && !traits.equals(Traits.DEFAULT.withEffect(Effect.READS))) {
            mistakes.add(name + " only reads: it has no use for a key, an expected version or a transaction");
        }
        return mistakes;
    }

    /// The types that an API's document shows, without those nested in them.
    public List<Class<?>> types() {
        return Stream.of(Optional.<Class<?>>of(input), Optional.<Class<?>>of(output), element)
                .flatMap(Optional::stream)
                .toList();
    }

    public boolean takesInput() {
        return input != Nothing.class;
    }

    public boolean answers() {
        return output != Nothing.class;
    }

    public Effect effect() {
        return traits.effect();
    }

    public boolean idempotent() {
        return traits.idempotent();
    }

    public boolean conditional() {
        return traits.conditional();
    }

    Description<I, O> withParameters(Parameter<?>... more) {
        return new Description<>(name, about, List.of(more), input, output, element, policy, refusals, traits);
    }

    <J> Description<J, O> withInput(Class<J> type) {
        return new Description<>(name, about, parameters, type, output, element, policy, refusals, traits);
    }

    <P> Description<I, P> withOutput(Class<P> type) {
        return new Description<>(name, about, parameters, input, type, Optional.empty(), policy, refusals, traits);
    }

    @SuppressWarnings("unchecked") // the class of a page is the same whatever stands on it
    <T> Description<I, Page<T>> withPageOf(Class<T> type) {
        var page = (Class<Page<T>>) (Class<?>) Page.class;
        return new Description<>(name, about, parameters, input, page, Optional.of(type), policy, refusals, traits);
    }

    Description<I, O> withPolicy(Policy who) {
        return new Description<>(name, about, parameters, input, output, element, Optional.of(who), refusals, traits);
    }

    Description<I, O> withRefusal(Problem.Kind kind, String code) {
        var more = new ArrayList<>(refusals);
        more.add(new KnownProblem(kind, code));
        return new Description<>(name, about, parameters, input, output, element, policy, more, traits);
    }

    Description<I, O> with(Traits other) {
        return new Description<>(name, about, parameters, input, output, element, policy, refusals, other);
    }
}
