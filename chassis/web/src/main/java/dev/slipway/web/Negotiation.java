package dev.slipway.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Description;
import dev.slipway.operation.Json;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the client wants an answer of one version to look like: its media type and its fields.
final class Negotiation {
    static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept");

    private static final String JSON = "application/json";
    private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\+json");

    private final String vendorType;
    private final Header vendorHeader;

    Negotiation(String service, int version) {
        vendorType = "application/vnd." + service + ".v" + version + "+json";
        vendorHeader = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, vendorType);
    }

    /// @throws dev.slipway.core.ProblemException if the client accepts no JSON, or only that of another version
    void check(ServerRequestHeaders headers) {
        if (takesJson(headers)) {
            return;
        }
        var accepted = Accepted.of(headers, HeaderNames.ACCEPT);
        if (accepted.ofMediaType(JSON) == 0 && accepted.ofMediaType(vendorType) == 0) {
            throw notAcceptable(JSON + " or " + vendorType).asException();
        }
    }

    /// @throws dev.slipway.core.ProblemException if the client does not accept this type
    static void check(ServerRequestHeaders headers, String type) {
        if (headers.contains(HeaderNames.ACCEPT)
                && Accepted.of(headers, HeaderNames.ACCEPT).ofMediaType(type) == 0) {
            throw notAcceptable(type).asException();
        }
    }

    private static Problem notAcceptable(String types) {
        return Problem.of(Kind.NOT_ACCEPTABLE, "not-acceptable", "Answers are " + types + ".");
    }

    /// What nearly all clients send, if anything.
    private static boolean takesJson(ServerRequestHeaders headers) {
        if (!headers.contains(HeaderNames.ACCEPT)) {
            return true;
        }
        var accept = headers.get(HeaderNames.ACCEPT);
        return accept.valueCount() == 1
                && (accept.get().equals("*/*") || accept.get().equals(JSON));
    }

    /// The vendor type for who asks for it by its name and likes plain JSON no more.
    Header contentType(ServerRequestHeaders headers) {
        if (takesJson(headers)) {
            return Answer.JSON;
        }
        var accepted = Accepted.of(headers, HeaderNames.ACCEPT);
        var json = accepted.ofMediaType(JSON);
        var vendor = accepted.ofMediaType(vendorType);
        return (accepted.names(vendorType) && vendor >= json && vendor > 0) || json == 0 ? vendorHeader : Answer.JSON;
    }

    /// What the entity tag of the vendor type ends with: plain JSON is another representation.
    String suffix(ServerRequestHeaders headers) {
        return contentType(headers).equals(vendorHeader) ? "+json" : "";
    }

    /// The versions that vendor types among the accepted ones name, the one that is wanted most first.
    static List<Integer> versions(Accepted accepted, String service) {
        var prefix = "application/vnd." + service.toLowerCase(Locale.ROOT) + ".v";
        return accepted.choices().stream()
                .filter(choice -> choice.quality() > 0
                        && choice.name().startsWith(prefix)
                        && VERSION.matcher(choice.name().substring(prefix.length()))
                                .matches())
                .sorted(Comparator.comparingDouble(Accepted.Choice::quality).reversed())
                .map(choice -> Integer.valueOf(
                        choice.name().substring(prefix.length(), choice.name().length() - "+json".length())))
                .toList();
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
