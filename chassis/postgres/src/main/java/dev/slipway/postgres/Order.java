package dev.slipway.postgres;

import dev.slipway.operation.Cursor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A total order of a list, all columns in the same direction, so that an index over them serves it both ways; its
/// `order by`, the condition for what follows a cursor, and the cursors themselves follow from it
/// ([keyset pagination](https://use-the-index-luke.com/no-offset)). Immutable.
///
/// ```java
/// Order.by(Column.text("name", Widget::name), Column.uuid("id", Widget::id)).descending()
/// ```
///
/// The SQL is made once, of names that are constants of the program; what a cursor holds is bound as parameters.
public final class Order<T> {
    private static final String ROWS = "rows";

    private final List<Column<T>> columns;
    private final List<Function<String, ?>> parsers;
    private final List<String> parameters;
    private final String columnsInSql;
    private final String rest;
    private final String restAfter;

    private Order(List<Column<T>> columns, boolean descending) {
        this.columns = columns;
        this.parsers = columns.stream().<Function<String, ?>>map(Column::parser).toList();
        this.parameters = IntStream.rangeClosed(1, columns.size())
                .mapToObj(position -> "after" + position)
                .toList();
        var names = columns.stream().map(Column::name).toList();
        this.columnsInSql = joined(names, name -> descending ? name + " desc" : name);
        this.rest = " order by " + columnsInSql + " limit :" + ROWS;
        this.restAfter = " and (" + joined(names, name -> name) + ") " + (descending ? "<" : ">") + " ("
                + joined(parameters, name -> ":" + name) + ")" + rest;
    }

    private static String joined(List<String> names, UnaryOperator<String> written) {
        return names.stream().map(written).collect(Collectors.joining(", "));
    }

    /// @param columns together unique, for example a name and then the id
    @SafeVarargs
    @SuppressWarnings("varargs") // they are copied
    public static <T> Order<T> by(Column<T>... columns) {
        return new Order<>(List.of(columns), false);
    }

    /// The same from the other end.
    public Order<T> descending() {
        return new Order<>(columns, true);
    }

    /// Whether a part of the list may set a parameter of this name.
    boolean sets(String name) {
        return name.equals(ROWS) || parameters.contains(name);
    }

    /// The position of an element; good for this order only.
    public Cursor after(T last) {
        var values = new Object[columns.size()];
        for (var i = 0; i < values.length; i++) {
            values[i] = columns.get(i).value().apply(last);
        }
        return Cursor.of(columnsInSql, values);
    }

    /// The part of the list that a client asks for.
    ///
    /// @param cursor the `next` of the part before; null for the first
    /// @param limit how many elements at the most
    /// @throws dev.slipway.core.ProblemException if the cursor is none of this order's
    public Part<T> part(@Nullable String cursor, int limit) {
        return new Part<>(this, Cursor.decode(cursor, columnsInSql, parsers), limit);
    }

    /// Some elements of a list in an order.
    public record Part<T>(Order<T> order, Optional<Cursor> after, int limit) {

        /// What follows a statement's last condition.
        String sql() {
            return after.isPresent() ? order.restAfter : order.rest;
        }

        void bind(Parameters parameters) {
            parameters.bind(ROWS, limit + 1);
            if (after.isPresent()) {
                var values = after.get().values();
                for (var i = 0; i < values.size(); i++) {
                    parameters.bind(order.parameters.get(i), values.get(i));
                }
            }
        }
    }
}
