package dev.slipway.operation;

import dev.slipway.core.Problem;
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
        List<Refusal> refusals,
        boolean idempotent,
        boolean conditional) {

    /// A refusal that the operation is known to answer.
    public record Refusal(Problem.Kind kind, String code) {}

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
                false,
                false);
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

    Description<I, O> withParameters(Parameter<?>... more) {
        return new Description<>(
                name, about, List.of(more), input, output, element, policy, refusals, idempotent, conditional);
    }

    <J> Description<J, O> withInput(Class<J> type) {
        return new Description<>(
                name, about, parameters, type, output, element, policy, refusals, idempotent, conditional);
    }

    <P> Description<I, P> withOutput(Class<P> type) {
        return new Description<>(
                name, about, parameters, input, type, Optional.empty(), policy, refusals, idempotent, conditional);
    }

    @SuppressWarnings("unchecked") // the class of a page is the same whatever stands on it
    <T> Description<I, Page<T>> withPageOf(Class<T> type) {
        var page = (Class<Page<T>>) (Class<?>) Page.class;
        return new Description<>(
                name, about, parameters, input, page, Optional.of(type), policy, refusals, idempotent, conditional);
    }

    Description<I, O> withPolicy(Policy who) {
        return new Description<>(
                name, about, parameters, input, output, element, Optional.of(who), refusals, idempotent, conditional);
    }

    Description<I, O> withRefusal(Problem.Kind kind, String code) {
        var more = new ArrayList<>(refusals);
        more.add(new Refusal(kind, code));
        return new Description<>(
                name, about, parameters, input, output, element, policy, more, idempotent, conditional);
    }

    Description<I, O> withIdempotency() {
        return new Description<>(name, about, parameters, input, output, element, policy, refusals, true, conditional);
    }

    Description<I, O> withCondition() {
        return new Description<>(name, about, parameters, input, output, element, policy, refusals, idempotent, true);
    }
}
