package dev.slipway.graphql;

import dev.slipway.core.DataSize;
import dev.slipway.core.Setting;
import java.time.Duration;
import java.util.Optional;

/// The section `graphql`.
///
/// @param maxBodySize a larger request is answered 413, a larger WebSocket message ends the connection
/// @param maxTokens a longer document is refused before it is parsed to its end
/// @param maxDepth how deep selections may be nested, fragments included
/// @param maxAliases how many aliases a document may have
/// @param maxDirectives how many directives a document may use
/// @param maxCost what one operation may cost: a field 1, an operation of the service 10, times the sizes of the lists
/// @param listSize what a list is taken to hold if no argument says how many (`first`, `last`, `limit`)
/// @param costPerMinute what one caller may spend in a minute here; without it there is no such limit
/// @param documents whether any document is served or only those that the service lists
/// @param documentCache what parsed documents may take, and as much again the texts of those registered by hash
/// @param introspection whether the schema may be asked for; by default everywhere but in production
/// @param graphiql whether the page to try queries is served; by default everywhere but in production
/// @param requestTimeout after it the work is interrupted
/// @param initTimeout how long a new WebSocket may take to say `connection_init`
/// @param keepAlive how often WebSockets are pinged; one that has not taken a ping by the next is cut off. For streams of
///     events it is `http.stream-heartbeat`
/// @param subscriptionsPerConnection how many subscriptions one WebSocket may have at once
/// @param maxSubscriptions how many there may be in all; WebSockets are bounded by `http.max-streams`
/// @param maxSubscriptionsSize each keeps its document and variables for as long as it lasts
public record GraphQlSettings(
        @Setting(about = "Largest request", byDefault = "100KB", least = "100B", most = "16MB")
        DataSize maxBodySize,

        @Setting(about = "Longest document, in tokens", byDefault = "2000", least = "10", most = "100_000")
        int maxTokens,

        @Setting(about = "Deepest nesting of selections", byDefault = "12", least = "1", most = "100")
        int maxDepth,

        @Setting(about = "Most aliases in a document", byDefault = "30", least = "0", most = "10_000")
        int maxAliases,

        @Setting(about = "Most directives in a document", byDefault = "30", least = "0", most = "10_000")
        int maxDirectives,

        @Setting(
                about = "Highest cost of an operation: fields times list sizes",
                byDefault = "10000",
                least = "1",
                most = "1_000_000_000")
        int maxCost,

        @Setting(about = "Assumed size of a list without a limit", byDefault = "20", least = "1", most = "10_000")
        int listSize,

        @Setting(about = "Cost that a caller may spend in a minute", least = "1", most = "1_000_000_000")
        Optional<Integer> costPerMinute,

        @Setting(about = "Which documents are served", byDefault = "any")
        Documents documents,

        @Setting(about = "Memory for documents that were parsed already", byDefault = "16MB", most = "1024GB")
        DataSize documentCache,

        @Setting(about = "Whether the schema may be asked for")
        Optional<Mode> introspection,

        @Setting(about = "Whether GraphiQL is served") Optional<Mode> graphiql,

        @Setting(about = "Deadline of a request", byDefault = "30s", least = "1ms")
        Duration requestTimeout,

        @Setting(about = "Longest wait for connection_init", byDefault = "5s", least = "1ms")
        Duration initTimeout,

        @Setting(about = "How often WebSockets are pinged", byDefault = "15s", least = "1ms")
        Duration keepAlive,

        @Setting(about = "Subscriptions on one connection", byDefault = "20", least = "1", most = "10_000")
        int subscriptionsPerConnection,

        @Setting(about = "Subscriptions in all", byDefault = "10000", least = "1", most = "1_000_000")
        int maxSubscriptions,

        @Setting(
                about = "Largest sum of the requests that opened them",
                byDefault = "8MB",
                least = "1000B",
                most = "2047MB")
        DataSize maxSubscriptionsSize) {

    /// Whether something is there.
    public enum Mode {
        ON,
        OFF
    }

    /// Which documents are served.
    public enum Documents {
        /// Whatever a client sends; clients may register documents by their hash (automatic persisted queries).
        ANY,
        /// Only those of the service's list ([Graph#allow]), sent as text or by hash.
        ALLOWED
    }
}
