package dev.slipway.web;

import dev.slipway.core.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A position in a sorted list: the sort values of the last row seen. Opaque to clients; stable while rows come and go.
///
/// Nothing in it is trusted: its values are only ever compared with, as parameters of a statement.
public record Cursor(List<String> values) {
    private static final String SEPARATOR = "\u001f";
    private static final int LONGEST = 2_000;

    public Cursor {
        values = List.copyOf(values);
    }

    public static Cursor of(String... values) {
        return new Cursor(List.of(values));
    }

    public String encode() {
        var text = String.join(SEPARATOR, values).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    /// Reads what a client sent back.
    ///
    /// @param size how many values the sort has: a cursor of another sort is refused
    /// @throws dev.slipway.core.ProblemException if it is none of ours
    public static Optional<Cursor> decode(@Nullable String text, int size) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            var values = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, -1);
            if (values.length != size) {
                throw new IllegalArgumentException("of another list");
            }
            return Optional.of(Cursor.of(values));
        } catch (IllegalArgumentException e) {
            var error = new Problem.FieldError("cursor", "cursor", "is not a cursor that this list gave");
            throw Problem.invalid(List.of(error)).asException();
        }
    }
}
