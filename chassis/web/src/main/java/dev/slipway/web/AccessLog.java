package dev.slipway.web;

import dev.slipway.core.Caller;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each request, to the logger `access`; without the query, which may hold personal data.
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    /// @param details what else there is to say
    void served(
            String method,
            String path,
            String route,
            int status,
            long nanos,
            long bytes,
            Caller caller,
            Map<String, ?> details) {
        var line = LOG.atInfo()
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .addKeyValue("route", route)
                .addKeyValue("status", status)
                .addKeyValue("ms", Math.round(nanos / 10_000.0) / 100.0)
                .addKeyValue("bytes", bytes)
                .addKeyValue("caller", caller.id());
        for (var detail : details.entrySet()) {
            line = line.addKeyValue(detail.getKey(), detail.getValue());
        }
        line.log("served");
    }
}
