package dev.slipway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.operation.Failures;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/// Turns whatever went wrong into a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";
    static final String SCHEMA = "Problem";

    /// The document. `type` is a name and not an address: nobody has to serve anything there.
    ///
    /// @param retry whether the same request is worth trying again ([Problem.Retry])
    @Schema(name = Problems.SCHEMA)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Document(
            String type,
            String title,
            int status,
            String code,
            String detail,

            @Schema(
                    description =
                            "Whether the same request is worth trying again: never; once something has changed, such"
                                    + " as the caller's rights or the state of things; or a little later.",
                    allowableValues = {"never", "after-change", "later"})
            String retry,

            String requestId,
            List<FieldError> errors) {}

    private Problems() {}

    static Document document(Problem problem, String requestId) {
        var kind = problem.kind();
        return new Document(
                "urn:problem:" + problem.code(),
                ProblemStatus.title(kind),
                ProblemStatus.code(kind),
                problem.code(),
                problem.detail(),
                problem.retry().slug(),
                requestId,
                problem.fields());
    }

    /// What the client is told of a failure; see [Failures].
    static Problem of(Throwable failure) {
        return known(failure).orElseGet(() -> Failures.of(failure));
    }

    /// What the server itself refuses while a request is read: broken escapes, chunks or headers.
    static Optional<Problem> known(Throwable failure) {
        return switch (failure) {
            case RequestException refused
            when refused.status().code() < 500 ->
                Optional.of(ofStatus(refused.status().code()));
            case HttpException refused
            when refused.status().code() < 500 ->
                Optional.of(ofStatus(refused.status().code()));
            default -> Optional.empty();
        };
    }

    static Problem ofStatus(int status) {
        return switch (status) {
            case 413 -> RestContext.TOO_LARGE;
            case 431 -> RestContext.HEADERS_TOO_LARGE;
            case 503 -> Failures.OVERLOADED;
            default -> status < 500 ? RestContext.MALFORMED : Failures.INTERNAL;
        };
    }
}
