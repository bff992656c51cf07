package dev.slipway.web;

import dev.slipway.core.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The answer of a handler: done, or refused.
public sealed interface Reply {

    /// @param body written as JSON
    record Done(int status, Optional<Object> body, Map<String, String> headers) implements Reply {
        /// @throws IllegalArgumentException if a header's value is not printable ASCII: it may hold a client's line break
        public Done {
            headers = Map.copyOf(headers);
            for (var value : headers.values()) {
                if (!isPrintable(value)) {
                    throw new IllegalArgumentException("a header's value must be printable ASCII");
                }
            }
        }

        private static boolean isPrintable(String value) {
            for (var i = 0; i < value.length(); i++) {
                if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                    return false;
                }
            }
            return true;
        }

        /// Adds a strong entity tag made of the resource's version ([RFC 9110, 8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3)).
        public Done version(long version) {
            return header("ETag", "\"" + version + "\"");
        }

        public Done header(String name, String value) {
            if (headers.isEmpty()) {
                return new Done(status, body, Map.of(name, value));
            }
            var more = new HashMap<>(headers);
            more.put(name, value);
            return new Done(status, body, more);
        }
    }

    /// A foreseen business outcome that is no success.
    record Refused(Problem problem) implements Reply {}

    static Done ok(Object body) {
        return new Done(200, Optional.of(body), Map.of());
    }

    /// @param location the path of the new resource
    static Done created(String location, Object body) {
        return new Done(201, Optional.of(body), Map.of("Location", location));
    }

    static Done noContent() {
        return new Done(204, Optional.empty(), Map.of());
    }

    static Refused refused(Problem problem) {
        return new Refused(problem);
    }
}
