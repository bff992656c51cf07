package dev.slipway.core;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A position in a distributed trace ([W3C Trace Context](https://www.w3.org/TR/trace-context/)).
///
/// @param traceId 32 lower-case hex digits, not all zero
/// @param spanId 16 lower-case hex digits, not all zero
/// @param sampled whether the trace is recorded
public record TraceContext(String traceId, String spanId, boolean sampled) {
    private static final Pattern VERSION_00 =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

    /// Continues the trace of a `traceparent` header with a span of its own; a missing or malformed one starts a trace.
    public static TraceContext continuing(@Nullable String traceparent, RandomGenerator random) {
        if (traceparent != null && traceparent.length() == 55) {
            var match = VERSION_00.matcher(traceparent);
            if (match.matches()) {
                var sampled = (Integer.parseInt(match.group(3), 16) & 1) == 1;
                return new TraceContext(match.group(1), hex(random), sampled);
            }
        }
        return new TraceContext(hex(random) + hex(random), hex(random), false);
    }

    /// The header for the next hop.
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }

    private static String hex(RandomGenerator random) {
        return HexFormat.of().toHexDigits(random.nextLong(1, Long.MAX_VALUE));
    }
}
