package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.security.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One operation of the REST API: how it is addressed, what it takes and answers, who may call it, and its handler.
///
/// From this description come validation, authorisation, metrics and the OpenAPI document.
///
/// @param <I> the input: the body, or the query where there is no body
public final class Route<I> {
    private static final Pattern NAMED = Pattern.compile("\\{([a-zA-Z]+)}");

    /// Does the work; called with validated input by a caller that the policy lets pass.
    @FunctionalInterface
    public interface Handler<I> {
        Reply handle(Call<I> call) throws Exception;
    }

    /// Where the input stands.
    enum Source {
        NOTHING,
        QUERY,
        BODY,
        /// Neither the query nor the body is looked at.
        UNREAD
    }

    /// A refusal that the operation is known to answer.
    record Refusal(Problem.Kind kind, String code) {}

    private final Builder<I> description;
    private final Handler<I> handler;

    private Route(Builder<I> description, Handler<I> handler) {
        this.description = description;
        this.handler = handler;
    }

    /// @param template the path below the version, for example `/users/{id}`
    public static Builder<Nothing> get(String template) {
        return new Builder<>("GET", template, Nothing.class, Source.NOTHING);
    }

    public static Builder<Nothing> post(String template) {
        return new Builder<>("POST", template, Nothing.class, Source.NOTHING);
    }

    public static Builder<Nothing> put(String template) {
        return new Builder<>("PUT", template, Nothing.class, Source.NOTHING);
    }

    public static Builder<Nothing> patch(String template) {
        return new Builder<>("PATCH", template, Nothing.class, Source.NOTHING);
    }

    public static Builder<Nothing> delete(String template) {
        return new Builder<>("DELETE", template, Nothing.class, Source.NOTHING);
    }

    /// What is answered where no route serves.
    static Route<Nothing> unmatched(String path, Problem problem) {
        return new Builder<>("ANY", path, Nothing.class, Source.UNREAD)
                .named("unmatched", "What no route serves.")
                .policy(Policy.anyone())
                .handle(call -> Reply.refused(problem));
    }

    Handler<I> handler() {
        return handler;
    }

    String method() {
        return description.method;
    }

    /// With the version in front, for example `/v1/users/{id}`.
    String path() {
        return description.source == Source.UNREAD
                ? description.template
                : "/v" + description.version + description.template;
    }

    String name() {
        return description.name;
    }

    String about() {
        return description.about;
    }

    Class<I> input() {
        return description.input;
    }

    Source source() {
        return description.source;
    }

    Optional<Policy> policy() {
        return description.policy;
    }

    List<PathParameter<?>> parameters() {
        return List.copyOf(description.parameters.values());
    }

    int success() {
        return description.success;
    }

    Optional<Class<?>> output() {
        return description.output;
    }

    Optional<Class<?>> element() {
        return description.element;
    }

    /// The types that the API's description shows, without those nested in them.
    List<Class<?>> types() {
        return Stream.of(Optional.<Class<?>>of(input()), output(), element())
                .flatMap(Optional::stream)
                .toList();
    }

    List<Refusal> refusals() {
        return List.copyOf(description.refusals);
    }

    boolean idempotent() {
        return description.idempotent;
    }

    boolean conditional() {
        return description.conditional;
    }

    /// What is wrong with the description itself; empty if nothing is.
    List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        var where = description.method + " " + description.template + ": ";
        if (description.policy.isEmpty()) {
            mistakes.add(where + "has no policy; say who may call it, Policy.anyone() if everybody");
        }
        if (description.name.isEmpty()) {
            mistakes.add(where + "has no name");
        }
        var named = NAMED.matcher(description.template)
                .results()
                .map(match -> match.group(1))
                .toList();
        if (!named.equals(List.copyOf(description.parameters.keySet()))) {
            mistakes.add(where + "describes the path parameters " + description.parameters.keySet());
        }
        return mistakes;
    }

    /// Describes a route.
    public static final class Builder<I> {
        private final String method;
        private final String template;
        private final Class<I> input;
        private final Source source;
        private final Map<String, PathParameter<?>> parameters = new LinkedHashMap<>();
        private final List<Refusal> refusals = new ArrayList<>();
        private String name = "";
        private String about = "";
        private int version = 1;
        private int success = 204;
        private boolean idempotent;
        private boolean conditional;
        private Optional<Policy> policy = Optional.empty();
        private Optional<Class<?>> output = Optional.empty();
        private Optional<Class<?>> element = Optional.empty();

        private Builder(String method, String template, Class<I> input, Source source) {
            this.method = method;
            this.template = template;
            this.input = input;
            this.source = source;
        }

        /// The operation's name, stable and unique in a service, and one sentence about it.
        public Builder<I> named(String operation, String sentence) {
            name = operation;
            about = sentence;
            return this;
        }

        /// Part of the path: `/v2`. Without this, 1.
        public Builder<I> version(int number) {
            version = number;
            return this;
        }

        /// Types the path's parameters, in their order.
        public Builder<I> path(PathParameter<?>... typed) {
            for (var parameter : typed) {
                parameters.put(parameter.name(), parameter);
            }
            return this;
        }

        /// Takes a JSON body, checked by the constraints on the record's components.
        public <B extends Record> Builder<B> body(Class<B> type) {
            return copy(type, Source.BODY);
        }

        /// Takes query parameters, named and checked by the record's components; others are refused.
        public <Q extends Record> Builder<Q> query(Class<Q> type) {
            return copy(type, Source.QUERY);
        }

        /// Who may call it. A route without a policy fails the start.
        public Builder<I> policy(Policy who) {
            policy = Optional.of(who);
            return this;
        }

        public Builder<I> answers(int status) {
            success = status;
            return this;
        }

        public Builder<I> answers(int status, Class<?> body) {
            success = status;
            output = Optional.of(body);
            return this;
        }

        /// Answers 200 with a [Page] of these.
        public Builder<I> answersPageOf(Class<?> item) {
            success = 200;
            output = Optional.of(Page.class);
            element = Optional.of(item);
            return this;
        }

        /// A refusal that callers should know of, by its stable code.
        public Builder<I> refuses(Problem.Kind kind, String code) {
            refusals.add(new Refusal(kind, code));
            return this;
        }

        /// Takes `Idempotency-Key`: the work of one key is done once, and repetitions get the first answer.
        public Builder<I> idempotent() {
            idempotent = true;
            return this;
        }

        /// Demands `If-Match`: without it 428, and [Call#expectedVersion] says what the client has seen.
        public Builder<I> conditional() {
            conditional = true;
            return this;
        }

        public Route<I> handle(Handler<I> handler) {
            return new Route<>(this, handler);
        }

        private <J> Builder<J> copy(Class<J> type, Source from) {
            var copy = new Builder<>(method, template, type, from);
            copy.parameters.putAll(parameters);
            copy.refusals.addAll(refusals);
            copy.name = name;
            copy.about = about;
            copy.version = version;
            copy.success = success;
            copy.idempotent = idempotent;
            copy.conditional = conditional;
            copy.policy = policy;
            copy.output = output;
            copy.element = element;
            return copy;
        }
    }
}
