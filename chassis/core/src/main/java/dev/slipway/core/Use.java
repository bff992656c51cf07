package dev.slipway.core;

import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// Something outside a service that it needs. One table of them stands in the [Assembly], written by the parts that
/// open stores, calls and topics; what is said of a service elsewhere (deployment, network rules, diagrams) is made of
/// that table, which the management port serves as `/uses`.
///
/// @param name of the service, the store or the topic, for example `inventory`
/// @param protocols by which it is reached, for example `grpc` or `postgresql`, sorted; empty if that is not known
public record Use(Kind kind, String name, SortedSet<String> protocols) {

    public enum Kind {
        /// Keeps the service's data.
        STORE,
        /// Another service that is called, or a provider outside the platform.
        CALL,
        /// A topic that the service writes.
        PUBLISHES,
        /// A topic that the service reads.
        CONSUMES
    }

    String json() {
        return "{\"kind\":\"%s\",\"name\":\"%s\",\"protocols\":%s}"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT),
                        name,
                        protocols.stream()
                                .collect(Collectors.joining("\",\"", "[\"", "\"]"))
                                .replace("[\"\"]", "[]"));
    }
}
