package dev.slipway.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
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

    Question withKey(String value) {
        return new Question(operation, subject, roles, parameters, input, version, Optional.of(value));
    }

    Question withVersion(long seen) {
        return new Question(operation, subject, roles, parameters, input, Optional.of(seen), key);
    }

    Question withParameters(Map<String, String> others) {
        return new Question(operation, subject, roles, others, input, version, key);
    }

    Question withInput(ObjectNode other) {
        return new Question(operation, subject, roles, parameters, other, version, key);
    }
}
