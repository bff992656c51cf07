package dev.slipway.web;

import dev.slipway.core.Checks;
import dev.slipway.core.DataSize;
import dev.slipway.core.Setting;
import java.time.Duration;
import java.util.Optional;

/// The section `http`.
///
/// @param host what to listen on; by default all interfaces in production, else loopback
/// @param port 0 takes a free one
/// @param maxBodySize a larger request body is answered 413
/// @param maxHeaderSize a request with more bytes of headers is answered 431
/// @param maxConcurrentRequests one more is answered 503
/// @param maxConnections more wait to be accepted; open files are not without end
/// @param requestTimeout after it the answer is of no more use: the deadline of a call
/// @param idleTimeout after it a connection that says nothing is closed
/// @param compressFrom answers from this size on are sent with gzip to who accepts it
/// @param docs whether `/docs` and `/openapi.json` are served; by default everywhere but in production
public record HttpSettings(
        @Setting(about = "What to listen on") Optional<String> host,

        @Setting(about = "Port; 0 takes a free one", byDefault = "8080")
        int port,

        @Setting(about = "Largest request body", byDefault = "1MB")
        DataSize maxBodySize,

        @Setting(about = "Largest sum of request headers", byDefault = "16KB")
        DataSize maxHeaderSize,

        @Setting(about = "Requests served at once", byDefault = "2000")
        int maxConcurrentRequests,

        @Setting(about = "Connections open at once", byDefault = "10000")
        int maxConnections,

        @Setting(about = "Deadline of a request", byDefault = "30s")
        Duration requestTimeout,

        @Setting(about = "When a silent connection is closed", byDefault = "60s")
        Duration idleTimeout,

        @Setting(about = "Answers from this size on are compressed", byDefault = "2KB")
        DataSize compressFrom,

        @Setting(about = "Whether API pages are served") Optional<DocsMode> docs) {

    /// Whether the pages that describe the API are served.
    public enum DocsMode {
        ON,
        OFF
    }

    public HttpSettings {
        Checks.port("port", port);
        Checks.between("max-body-size", maxBodySize.bytes(), 1, 256 * 1024 * 1024);
        Checks.between("max-header-size", maxHeaderSize.bytes(), 1024, 1024 * 1024);
        Checks.between("max-concurrent-requests", maxConcurrentRequests, 1, 1_000_000);
        Checks.between("max-connections", maxConnections, 1, 1_000_000);
        Checks.positive("request-timeout", requestTimeout);
        Checks.positive("idle-timeout", idleTimeout);
    }
}
