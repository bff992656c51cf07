package dev.slipway.web;

import dev.slipway.core.Checks;
import dev.slipway.core.DataSize;
import dev.slipway.core.Setting;
import dev.slipway.resilience.ConcurrencyLimitSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The section `http`.
///
/// @param host what to listen on; by default all interfaces in production, else loopback
/// @param port 0 takes a free one
/// @param maxBodySize a larger request body is answered 413
/// @param maxHeaderSize a request with more bytes of headers is answered 431
/// @param limit how many requests are served at once; one more is answered 503
/// @param maxConnections more wait to be accepted; open files are not without end
/// @param maxStreams streams and WebSockets hold a connection for as long as their client likes; one more is answered 503
/// @param maxStreamsPerClient one more of who is signed in, or of an address, is answered 429
/// @param requestTimeout after it the answer is of no more use: the deadline of a call
/// @param idleTimeout after it a connection that says nothing is closed, and one that has not taken its answer
/// @param compressFrom answers from this size on are sent with gzip to who accepts it
/// @param corsOrigins as browsers send them, for example `https://shop.example.com`; none by default
/// @param defaultVersion the version for clients that name none; the oldest that the service has, if this is not set
/// @param streamHeartbeat a stream whose client takes nothing for twice as long is ended
/// @param maxStreamSize of all lines together; each is bounded like a body
/// @param docs whether `/docs` and `/openapi.json` are served; by default everywhere but in production
public record HttpSettings(
        @Setting(about = "What to listen on") Optional<String> host,

        @Setting(about = "Port; 0 takes a free one", byDefault = "8080", least = "0", most = "65535")
        int port,

        @Setting(about = "Largest request body", byDefault = "1MB", least = "1B", most = "256MB")
        DataSize maxBodySize,

        @Setting(about = "Largest sum of request headers", byDefault = "16KB", least = "1KB", most = "1MB")
        DataSize maxHeaderSize,

        @Setting(about = "Connections open at once", byDefault = "10000", least = "1", most = "1_000_000")
        int maxConnections,

        @Setting(about = "Streams and WebSockets open at once; else half of the connections", least = "1")
        Optional<Integer> maxStreams,

        @Setting(about = "Of these, those of one caller or address; else a tenth", least = "1")
        Optional<Integer> maxStreamsPerClient,

        @Setting(about = "Deadline of a request", byDefault = "30s", least = "1ms")
        Duration requestTimeout,

        @Setting(
                about = "When a silent connection is closed; longer than proxies before the service keep theirs",
                byDefault = "75s",
                least = "1ms")
        Duration idleTimeout,

        @Setting(about = "Answers from this size on are compressed", byDefault = "2KB")
        DataSize compressFrom,

        @Setting(about = "Origins whose pages may call from a browser; * for any", byDefault = "")
        List<String> corsOrigins,

        @Setting(about = "API version for clients that name none; else the oldest")
        Optional<Integer> defaultVersion,

        @Setting(about = "How often a silent stream is written to", byDefault = "15s", least = "1ms")
        Duration streamHeartbeat,

        @Setting(about = "Largest request body that is streamed", byDefault = "100MB", least = "1B", most = "1024GB")
        DataSize maxStreamSize,

        ConcurrencyLimitSettings limit,

        @Setting(about = "Whether API pages are served") Optional<DocsMode> docs) {

    /// Whether the pages that describe the API are served.
    public enum DocsMode {
        ON,
        OFF
    }

    public HttpSettings {
        corsOrigins = List.copyOf(corsOrigins);
        maxStreams.ifPresent(most -> Checks.atMost("max-streams", most, "max-connections", maxConnections));
        maxStreamsPerClient.ifPresent(
                most -> Checks.atMost("max-streams-per-client", most, "max-connections", maxConnections));
    }

    int streams() {
        return maxStreams.orElse(Math.max(1, maxConnections / 2));
    }

    int streamsPerClient() {
        return maxStreamsPerClient.orElse(Math.max(1, streams() / 10));
    }
}
