package dev.slipway.web;

import dev.slipway.operation.Description;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What has an address in the REST API.
public sealed interface Addressed permits Route, StreamRoute {

    /// What is behind the address.
    Description<?, ?> description();

    String method();

    /// The path below the version, for example `/users/{id}`.
    String template();

    int version();

    /// With the version in front, for example `/v1/users/{id}`.
    default String path() {
        return "/v" + version() + template();
    }

    default String name() {
        return description().name();
    }

    /// The status of an answer that is no refusal.
    int success();

    default Policy policy() {
        return description().policy().orElseThrow();
    }

    /// Whether its input is read from the query, and described by parameters alone.
    default boolean takesQuery() {
        return switch (this) {
            case Route<?, ?> unary -> unary.source() == Route.Source.QUERY;
            case StreamRoute<?, ?> stream -> stream.description().takesInput() && !stream.takesLines();
        };
    }

    /// What is wrong with the address; empty if nothing is.
    default List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        var named = Pattern.compile("\\{([a-zA-Z]+)}")
                .matcher(template())
                .results()
                .map(match -> match.group(1))
                .toList();
        var parameters =
                description().parameters().stream().map(Parameter::name).toList();
        if (!named.equals(parameters)) {
            mistakes.add(method() + " " + template() + ": " + name() + " has the parameters " + parameters);
        }
        if (!template().matches("(/([a-zA-Z0-9._~-]+|\\{[a-zA-Z]+}))+")) {
            mistakes.add(
                    method() + " " + template() + ": between slashes stands a parameter, or what needs no encoding");
        }
        if (version() < 1) {
            mistakes.add(method() + " " + template() + ": versions begin at 1");
        }
        return mistakes;
    }
}
