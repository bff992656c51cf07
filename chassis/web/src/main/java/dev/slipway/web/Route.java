package dev.slipway.web;

import dev.slipway.operation.Description;
import dev.slipway.operation.Operation;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The address of an operation in the REST API: a method, a path below the version, and what only HTTP knows.
///
/// The operation's parameters are the path's; its input is the body of `POST`, `PUT` and `PATCH`, and the query of
/// `GET` and `DELETE`. What `GET` calls must be a `read`; a `read` may also have another method, for example a search with a
/// body. It answers 200, or 204 if it answers nothing, or 201 where it [creates][#created]. Immutable.
public final class Route<I, O> extends Addressed {
    /// Where the input stands.
    enum Source {
        NOTHING,
        QUERY,
        BODY
    }

    /// An operation or a version that will go away ([RFC 9745](https://www.rfc-editor.org/rfc/rfc9745),
    /// [RFC 8594](https://www.rfc-editor.org/rfc/rfc8594)).
    ///
    /// @param since the day from which it should not be used any more
    /// @param sunset the day from which it may not answer any more
    record Deprecation(LocalDate since, LocalDate sunset) {}

    private final Operation<I, O> operation;
    private final int success;
    private final Optional<Function<O, String>> location;
    private final Optional<Duration> maxAge;
    private final Optional<Deprecation> deprecation;

    private Route(
            String method,
            String template,
            Operation<I, O> operation,
            int version,
            int success,
            Optional<Function<O, String>> location,
            Optional<Duration> maxAge,
            Optional<Deprecation> deprecation) {
        super(method, template, version);
        this.operation = operation;
        this.success = success;
        this.location = location;
        this.maxAge = maxAge;
        this.deprecation = deprecation;
    }

    private static <I, O> Route<I, O> of(String method, String template, Operation<I, O> operation) {
        var success = operation.description().answers() ? 200 : 204;
        return new Route<>(
                method, template, operation, 1, success, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// @param template the path below the version, for example `/users/{id}`
    public static <I, O> Route<I, O> get(String template, Operation<I, O> operation) {
        return of("GET", template, operation);
    }

    public static <I, O> Route<I, O> post(String template, Operation<I, O> operation) {
        return of("POST", template, operation);
    }

    public static <I, O> Route<I, O> put(String template, Operation<I, O> operation) {
        return of("PUT", template, operation);
    }

    public static <I, O> Route<I, O> patch(String template, Operation<I, O> operation) {
        return of("PATCH", template, operation);
    }

    public static <I, O> Route<I, O> delete(String template, Operation<I, O> operation) {
        return of("DELETE", template, operation);
    }

    /// Part of the path: `/v2`. Without this, 1.
    public Route<I, O> version(int number) {
        return new Route<>(method(), template(), operation, number, success, location, maxAge, deprecation);
    }

    /// Answers this status instead.
    public Route<I, O> answers(int status) {
        return new Route<>(method(), template(), operation, version(), status, location, maxAge, deprecation);
    }

    /// Answers 201 and says where the new thing is.
    ///
    /// @param path of what was created
    public Route<I, O> created(Function<O, String> path) {
        return new Route<>(method(), template(), operation, version(), 201, Optional.of(path), maxAge, deprecation);
    }

    /// Lets answers be kept: by everybody (browsers, CDNs) if the operation is open to everybody, else by the caller's
    /// own cache. Without this nobody keeps them.
    public Route<I, O> cached(Duration forSoLong) {
        return new Route<>(
                method(), template(), operation, version(), success, location, Optional.of(forSoLong), deprecation);
    }

    /// Tells clients with each answer, and in the API's document, to move on.
    ///
    /// @param since the day from which it should not be used any more
    /// @param sunset the day from which it may not answer any more
    public Route<I, O> deprecated(LocalDate since, LocalDate sunset) {
        var soon = new Deprecation(since, sunset);
        return new Route<>(method(), template(), operation, version(), success, location, maxAge, Optional.of(soon));
    }

    /// What browsers, caches and proxies may repeat or fetch ahead must change nothing
    /// ([RFC 9110, 9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)).
    @Override
    public List<String> mistakes() {
        var mistakes = new ArrayList<>(super.mistakes());
        if (method().equals("GET") && description().effect() == Description.Effect.CHANGES) {
            mistakes.add("GET " + template() + ": " + name() + " may change something; it must be a read");
        }
        return mistakes;
    }

    Operation<I, O> operation() {
        return operation;
    }

    @Override
    public Description<I, O> description() {
        return operation.description();
    }

    Source source() {
        if (!description().takesInput()) {
            return Source.NOTHING;
        }
        return switch (method()) {
            case "GET", "DELETE" -> Source.QUERY;
            default -> Source.BODY;
        };
    }

    @Override
    public int success() {
        return success;
    }

    Optional<Function<O, String>> location() {
        return location;
    }

    Optional<Duration> maxAge() {
        return maxAge;
    }

    Optional<Deprecation> deprecation() {
        return deprecation;
    }
}
