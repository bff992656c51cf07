package dev.slipway.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Description;
import dev.slipway.operation.Json;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the client wants an answer of one version to look like: its media type and its fields.
final class Negotiation {
    private final MediaType vendorType;
    private final Header vendorHeader;

    Negotiation(String service, int version) {
        var type = "application/vnd." + service + ".v" + version + "+json";
        vendorType = MediaTypes.create(type);
        vendorHeader = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, type);
    }

    /// @throws dev.slipway.core.ProblemException if the client accepts no JSON, or only that of another version
    void check(ServerRequestHeaders headers) {
        if (!headers.contains(HeaderNames.ACCEPT)) {
            return;
        }
        var accept = headers.get(HeaderNames.ACCEPT).get();
        if (accept.equals("*/*") || accept.equals("application/json")) {
            return;
        }
        if (headers.acceptedTypes().stream()
                .noneMatch(type -> type.qualityFactor() > 0
                        && (type.test(MediaTypes.APPLICATION_JSON) || type.test(vendorType)))) {
            throw Problem.of(
                            Kind.NOT_ACCEPTABLE,
                            "not-acceptable",
                            "Answers are application/json or " + vendorType.text() + ".")
                    .asException();
        }
    }

    Header contentType(ServerRequestHeaders headers) {
        return headers.contains(HeaderNames.ACCEPT)
                        && headers.get(HeaderNames.ACCEPT).get().contains(vendorType.text())
                ? vendorHeader
                : Answer.JSON;
    }

    /// The version that a vendor type among the accepted ones names.
    static OptionalInt version(ServerRequestHeaders headers, String service) {
        if (!headers.contains(HeaderNames.ACCEPT)) {
            return OptionalInt.empty();
        }
        var match = Pattern.compile("application/vnd\\." + Pattern.quote(service) + "\\.v(\\d{1,6})\\+json")
                .matcher(headers.get(HeaderNames.ACCEPT).get());
        return match.find() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
    }

    /// Sparse fields: `?fields=id,email` leaves the rest out, of an object or of each item of a page.
    sealed interface Fields {
        Fields ALL = new All();

        /// @param asked the value of the query parameter, if there is one
        static Fields of(@Nullable Object asked, Description<?, ?> description) {
            if (asked == null) {
                return ALL;
            }
            var type = description.element().orElse(description.output());
            var known = Arrays.stream(type.getRecordComponents())
                    .map(component -> component.getName())
                    .collect(Collectors.toSet());
            var names = new LinkedHashSet<>(List.of(asked.toString().split(",", -1)));
            if (!(asked instanceof String) || !known.containsAll(names)) {
                var all = known.stream().sorted().collect(Collectors.joining(", "));
                throw Problem.invalid(List.of(new FieldError("fields", "unknown", "must be some of " + all)))
                        .asException();
            }
            return new Some(names, description.element().isPresent());
        }

        byte[] write(Object value, Json json);

        record All() implements Fields {
            @Override
            public byte[] write(Object value, Json json) {
                return json.write(value);
            }
        }

        /// @param ofItems whether the value is a page of what has these fields
        record Some(Set<String> names, boolean ofItems) implements Fields {
            @Override
            public byte[] write(Object value, Json json) {
                var tree = json.tree(value);
                if (ofItems) {
                    ((ArrayNode) tree.get("items")).forEach(item -> ((ObjectNode) item).retain(names));
                } else {
                    ((ObjectNode) tree).retain(names);
                }
                return json.write(tree);
            }
        }
    }
}
