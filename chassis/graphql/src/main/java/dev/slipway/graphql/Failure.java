package dev.slipway.graphql;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Failures;
import graphql.ErrorClassification;
import graphql.ErrorType;
import graphql.GraphQLError;
import graphql.language.SourceLocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A problem as an entry of `errors`.
///
/// @param path of the field in the answer; empty if it is about the whole request
record Failure(Problem problem, List<SourceLocation> locations, List<Object> path) implements GraphQLError {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Failure.class);
    private static final int LONGEST = 300;

    static final String VALIDATION = "graphql-validation-failed";

    static Failure of(Problem problem) {
        return new Failure(problem, List.of(), List.of());
    }

    /// What graphql-java found: in the request as a whole, or in an answer. Its messages on values of answers name classes,
    /// so they stay here.
    static Failure of(GraphQLError error) {
        if (error instanceof Failure failure) {
            return failure;
        }
        var locations = error.getLocations() == null ? List.<SourceLocation>of() : error.getLocations();
        var path = error.getPath() == null ? List.of() : error.getPath();
        if (path.isEmpty()) {
            return new Failure(invalid(VALIDATION, error.getMessage()), locations, path);
        }
        LOG.error("an answer does not fit the schema: {}", error.getMessage());
        return new Failure(Failures.INTERNAL, locations, path);
    }

    /// @param message of graphql-java; it may quote the document, so it is cut
    static Problem invalid(String code, String message) {
        return Problem.of(Kind.INVALID, code, message.length() > LONGEST ? cut(message) : message);
    }

    private static String cut(String message) {
        var end = Character.isHighSurrogate(message.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return message.substring(0, end) + "…";
    }

    /// As it is sent.
    Map<String, Object> toMap(String requestId) {
        var map = new LinkedHashMap<String, Object>();
        map.put("message", problem.detail());
        if (!locations.isEmpty()) {
            map.put(
                    "locations",
                    locations.stream()
                            .map(at -> Map.of("line", at.getLine(), "column", at.getColumn()))
                            .toList());
        }
        if (!path.isEmpty()) {
            map.put("path", path);
        }
        var extensions = new LinkedHashMap<String, Object>();
        extensions.put("code", problem.code());
        extensions.put("kind", problem.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        extensions.put("retry", problem.retry().slug());
        extensions.put("requestId", requestId);
        if (!problem.fields().isEmpty()) {
            extensions.put(
                    "fields",
                    problem.fields().stream()
                            .map(field ->
                                    Map.of("field", field.field(), "code", field.code(), "message", field.message()))
                            .toList());
        }
        problem.secondsToWait().ifPresent(seconds -> extensions.put("retryAfter", seconds));
        map.put("extensions", extensions);
        return map;
    }

    @Override
    public String getMessage() {
        return problem.detail();
    }

    @Override
    public List<SourceLocation> getLocations() {
        return locations;
    }

    @Override
    public ErrorClassification getErrorType() {
        return ErrorType.DataFetchingException;
    }

    @Override
    public List<Object> getPath() {
        return path;
    }
}
