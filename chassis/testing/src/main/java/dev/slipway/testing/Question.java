package dev.slipway.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is asked of an operation, in no protocol's terms.
///
/// @param operation its name
/// @param subject who asks; nothing for somebody without a token
/// @param parameters the values of the operation's parameters
/// @param input as REST writes it, with the same names; empty if there is none
/// @param version that the caller has seen; asked of conditional operations alone
/// @param key asked of idempotent operations alone
record Question(
        String operation,
        String subject,
        List<String> roles,
        Map<String, String> parameters,
        ObjectNode input,
        Optional<Long> version,
        Optional<String> key) {

    /// The same of another operation.
    Question of(String other) {
        return new Question(other, subject, roles, parameters, input, version, key);
    }

    Question withKey(String value) {
        return new Question(operation, subject, roles, parameters, input, version, Optional.of(value));
    }

    Question withVersion(long seen) {
        return new Question(operation, subject, roles, parameters, input, Optional.of(seen), key);
    }

    Question withoutVersion() {
        return new Question(operation, subject, roles, parameters, input, Optional.empty(), key);
    }

    Question withParameters(Map<String, String> others) {
        return new Question(operation, subject, roles, others, input, version, key);
    }

    Question withInput(ObjectNode other) {
        return new Question(operation, subject, roles, parameters, other, version, key);
    }

    /// What gRPC and GraphQL call a value of an enum: `active` is `ACTIVE`, `-displayName` is `DISPLAY_NAME_DESCENDING`.
    static String constant(String text) {
        var name = text.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        return name.startsWith("-") ? name.substring(1) + "_DESCENDING" : name.replace('-', '_');
    }

    /// As a person reads it.
    @Override
    public String toString() {
        return "%s by %s%s%s%s%s%s"
                .formatted(
                        operation,
                        subject.isEmpty() ? "anyone" : subject,
                        roles.isEmpty() ? "" : " " + roles,
                        parameters.isEmpty() ? "" : " about " + parameters,
                        input.isEmpty() ? "" : " with " + input,
                        version.map(seen -> " at version " + seen).orElse(""),
                        key.map(value -> " with key " + value).orElse(""));
    }
}
