package dev.slipway.graphql;

import dev.slipway.core.Problem;
import java.util.List;
import java.util.Locale;

/// A foreseen refusal as data: a member of the union that a field answers, named by the problem's code
/// (`email-taken` is the type `EmailTaken`).
record ProblemData(String code, String message, String retry, List<Problem.FieldError> fields) {

    static ProblemData of(Problem problem) {
        return new ProblemData(problem.code(), problem.detail(), problem.retry().slug(), problem.fields());
    }

    /// The type in the schema.
    static String typeName(String code) {
        var name = new StringBuilder(code.length());
        for (var word : code.split("-")) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.toString();
    }

    String typeName() {
        return typeName(code);
    }
}
