package dev.slipway.web;

import dev.slipway.operation.Description;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What has an address in the REST API.
public abstract sealed class Addressed permits Route, StreamRoute {
    private final String method;
    private final String template;
    private final int version;

    Addressed(String method, String template, int version) {
        this.method = method;
        this.template = template;
        this.version = version;
    }

    /// What is behind the address.
    public abstract Description<?, ?> description();

    /// The status of an answer that is no refusal.
    public abstract int success();

    public final String method() {
        return method;
    }

    /// The path below the version, for example `/users/{id}`.
    public final String template() {
        return template;
    }

    public final int version() {
        return version;
    }

    /// With the version in front, for example `/v1/users/{id}`.
    public final String path() {
        return "/v" + version + template;
    }

    public final String name() {
        return description().name();
    }

    public final Policy policy() {
        return description().policy().orElseThrow();
    }

    /// Whether its input is read from the query, and described by parameters alone.
    public final boolean takesQuery() {
        return switch (this) {
            case Route<?, ?> unary -> unary.source() == Route.Source.QUERY;
            case StreamRoute<?, ?> stream -> stream.description().takesInput() && !stream.takesLines();
        };
    }

    /// What is wrong with the address; empty if nothing is.
    public List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        var named = Pattern.compile("\\{([a-zA-Z]+)}")
                .matcher(template)
                .results()
                .map(match -> match.group(1))
                .toList();
        var parameters =
                description().parameters().stream().map(Parameter::name).toList();
        if (!named.equals(parameters)) {
            mistakes.add(method + " " + template + ": " + name() + " has the parameters " + parameters);
        }
        if (!template.matches("(/([a-zA-Z0-9._~-]+|\\{[a-zA-Z]+}))+")) {
            mistakes.add(method + " " + template + ": between slashes stands a parameter, or what needs no encoding");
        }
        if (version < 1) {
            mistakes.add(method + " " + template + ": versions begin at 1");
        }
        return mistakes;
    }
}
