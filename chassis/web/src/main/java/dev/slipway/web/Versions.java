package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Chooses the version of a resource for requests whose path does not name one: the header `X-Api-Version`, then a vendor
/// type in `Accept` (the one that is wanted most and exists), then the default. A version in the path wins over all of them.
///
/// @param byVersion what serves each version
/// @param byDefault the version for clients that say nothing
record Versions<T>(String service, NavigableMap<Integer, T> byVersion, Optional<Integer> byDefault) {
    static final HeaderName HEADER = HeaderNames.create("X-Api-Version");

    private static final Pattern NUMBER = Pattern.compile("v?(\\d{1,6})");
    private static final Pattern PATH = Pattern.compile("/v(\\d{1,9})(/.*)?");

    Versions {
        byVersion = new TreeMap<>(byVersion);
    }

    /// @throws dev.slipway.core.ProblemException if the version that is asked for does not exist
    T choose(ServerRequestHeaders headers) {
        if (headers.contains(HEADER)) {
            var match = NUMBER.matcher(headers.get(HEADER).values());
            if (!match.matches()) {
                throw Problem.invalid(List.of(new FieldError(HEADER.defaultCase(), "format", "must be a number")))
                        .asException();
            }
            return of(Integer.parseInt(match.group(1)), Kind.INVALID);
        }
        if (headers.contains(HeaderNames.ACCEPT)) {
            var accepted = Accepted.of(headers, HeaderNames.ACCEPT);
            var wanted = Negotiation.versions(accepted, service);
            var known = wanted.stream().filter(byVersion::containsKey).findFirst();
            if (known.isPresent()) {
                return of(known.get(), Kind.NOT_ACCEPTABLE);
            }
            if (!wanted.isEmpty() && accepted.ofMediaType("application/json") == 0) {
                throw unknown(Kind.NOT_ACCEPTABLE, byVersion.keySet()).asException();
            }
        }
        return of(byDefault.filter(byVersion::containsKey).orElseGet(byVersion::firstKey), Kind.INVALID);
    }

    private T of(int version, Kind kind) {
        var chosen = byVersion.get(version);
        if (chosen == null) {
            throw unknown(kind, byVersion.keySet()).asException();
        }
        return chosen;
    }

    /// Whether a path begins with a version that no route has.
    static boolean isUnknown(String path, Collection<Integer> known) {
        var match = PATH.matcher(path);
        return match.matches() && !known.contains(Integer.parseInt(match.group(1)));
    }

    static Problem unknown(Kind kind, Collection<Integer> supported) {
        var names = supported.stream().map(version -> "v" + version).collect(Collectors.joining(", "));
        return Problem.of(kind, "unknown-version", "There is no such version here; there is " + names + ".");
    }
}
