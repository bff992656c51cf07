package dev.slipway.web;

import dev.slipway.core.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each request, to the logger `access`; without the query, which may hold personal data.
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    void served(String method, String path, String route, int status, long nanos, long bytes, Caller caller) {
        LOG.atInfo()
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .addKeyValue("route", route)
                .addKeyValue("status", status)
                .addKeyValue("ms", Math.round(nanos / 10_000.0) / 100.0)
                .addKeyValue("bytes", bytes)
                .addKeyValue("caller", caller.id())
                .log("served");
    }
}
