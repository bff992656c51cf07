package dev.slipway.graphql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What metrics and the access log remember of a request.
///
/// @param type of operation; `none` if it never came to one
/// @param operation the name that the client gave it, cut
/// @param outcome `done`, or the code of the first error
record Served(String transport, String type, String operation, String fields, long cost, String outcome) {
    static final String HTTP = "http";
    static final String EVENTS = "sse";
    static final String WEBSOCKET = "websocket";
    static final String DONE = "done";
    private static final int LONGEST = 60;

    /// By which an operation of this type may come.
    static List<String> transports(String type) {
        return type.equals("subscription") ? List.of(EVENTS, WEBSOCKET) : List.of(HTTP, EVENTS, WEBSOCKET);
    }

    static Served refused(String transport, Engine.Result result) {
        return new Served(transport, "none", "", "", 0, outcome(result));
    }

    static Served of(String transport, Engine.Plan plan, Engine.Result result) {
        var name = plan.command().operationName().orElse("");
        return new Served(
                transport,
                plan.step().type().name().toLowerCase(Locale.ROOT),
                name.length() > LONGEST ? name.substring(0, LONGEST) : name,
                String.join(",", plan.step().fields()),
                plan.cost(),
                outcome(result));
    }

    private static String outcome(Engine.Result result) {
        return result.failures().isEmpty()
                ? DONE
                : result.failures().getFirst().problem().code();
    }

    /// For the access log.
    Map<String, ?> details() {
        var details = new LinkedHashMap<String, Object>();
        details.put("transport", transport);
        details.put("type", type);
        details.put("operationName", operation);
        details.put("fields", fields);
        details.put("cost", cost);
        details.put("outcome", outcome);
        return details;
    }
}
