package dev.slipway.operation;

import dev.slipway.core.Problem;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A position in a sorted list: the sort values of the last row seen. Opaque to clients; stable while rows come and go.
///
/// Nothing in it is trusted: its values are parsed again, and only ever compared with, as parameters of a statement.
///
/// @param order the name of the list's order; a cursor is good for no other
/// @param values written with `toString`
public record Cursor(String order, List<?> values) {
    private static final String SEPARATOR = "\u001f";
    private static final int LONGEST = 2_000;

    public Cursor {
        values = List.copyOf(values);
    }

    public static Cursor of(String order, Object... values) {
        return new Cursor(order, List.of(values));
    }

    public String encode() {
        var text = new StringBuilder(order);
        values.forEach(value -> text.append(SEPARATOR).append(value));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Reads what a client sent back.
    ///
    /// @param order the order that is asked for now
    /// @param parsers one for each value, in their order
    /// @throws dev.slipway.core.ProblemException if it is none of this order's
    public static Optional<Cursor> decode(@Nullable String text, String order, List<Function<String, ?>> parsers) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(text, order, parsers));
        } catch (IllegalArgumentException | DateTimeException e) {
            var error = new Problem.FieldError("cursor", "cursor", "is not a cursor that this list gave");
            throw Problem.invalid(List.of(error)).asException();
        }
    }

    private static Cursor parse(String text, String order, List<Function<String, ?>> parsers) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("too long");
        }
        var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, -1);
        if (parts.length != parsers.size() + 1 || !parts[0].equals(order)) {
            throw new IllegalArgumentException("of another list");
        }
        var values = new ArrayList<Object>();
        for (var i = 0; i < parsers.size(); i++) {
            values.add(parsers.get(i).apply(parts[i + 1]));
        }
        return new Cursor(order, values);
    }
}
