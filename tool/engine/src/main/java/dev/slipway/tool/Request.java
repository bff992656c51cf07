package dev.slipway.tool;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What somebody asks for, before it is judged by [Answers#of].
///
/// @param features exactly these, and what they require
/// @param without the template's standard features but these
public record Request(
        String name,
        Optional<String> group,
        Optional<String> packageName,
        Optional<String> resource,
        OptionalInt port,
        Optional<List<String>> features,
        List<String> without) {

    public Request {
        features = features.map(List::copyOf);
        without = List.copyOf(without);
    }

    /// A name, and for everything else what is usual.
    public static Request named(String name) {
        return new Request(
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                List.of());
    }
}
