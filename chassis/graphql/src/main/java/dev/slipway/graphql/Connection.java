package dev.slipway.graphql;

import dev.slipway.operation.Cursor;
import dev.slipway.operation.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list as GraphQL clients know it
/// ([cursor connections](https://relay.dev/graphql/connections.htm)), forwards only.
public record Connection<T>(List<Edge<T>> edges, PageInfo pageInfo) {

    public record Edge<T>(T node, String cursor) {}

    /// @param hasPreviousPage always false: nobody has looked, as the specification allows
    public record PageInfo(
            boolean hasNextPage, boolean hasPreviousPage, Optional<String> startCursor, Optional<String> endCursor) {}

    public Connection {
        edges = List.copyOf(edges);
    }

    /// @param cursor the position of an item in the order that was asked for
    static <T> Connection<T> of(Page<T> page, Function<? super T, Cursor> cursor) {
        var edges = page.items().stream()
                .map(item -> new Edge<>(item, cursor.apply(item).encode()))
                .toList();
        var start = edges.isEmpty()
                ? Optional.<String>empty()
                : Optional.of(edges.getFirst().cursor());
        var end = edges.isEmpty()
                ? Optional.<String>empty()
                : Optional.of(edges.getLast().cursor());
        return new Connection<>(edges, new PageInfo(page.next().isPresent(), false, start, end));
    }

    /// The same without edges of their own: the items.
    public List<T> nodes() {
        return edges.stream().map(Edge::node).toList();
    }
}
