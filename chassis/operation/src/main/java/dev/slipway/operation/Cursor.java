package dev.slipway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A position in a sorted list: the sort values of the last row seen. Opaque to clients; stable while rows come and go.
///
/// Nothing in it is trusted: its values are parsed again, and only ever compared with, as parameters of a statement.
///
/// @param order the name of the list's order; a cursor is good for no other
/// @param values written with `toString`; the parsers that read them again give what was written
public record Cursor(String order, List<?> values) {
    /// No letter of base64.
    private static final String SEPARATOR = ".";

    public Cursor {
        values = List.copyOf(values);
    }

    public static Cursor of(String order, Object... values) {
        return new Cursor(order, List.of(values));
    }

    public String encode() {
        return Stream.concat(Stream.of(order), values.stream().map(Object::toString))
                .map(part -> Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(UTF_8)))
                .collect(Collectors.joining(SEPARATOR));
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
        } catch (IllegalArgumentException | DateTimeException | CharacterCodingException e) {
            var error = new Problem.FieldError("cursor", "cursor", "is not a cursor that this list gave");
            throw Problem.invalid(List.of(error)).asException();
        }
    }

    private static Cursor parse(String text, String order, List<Function<String, ?>> parsers)
            throws CharacterCodingException {
        var parts = text.split(Pattern.quote(SEPARATOR), parsers.size() + 2);
        if (parts.length != parsers.size() + 1 || !decoded(parts[0]).equals(order)) {
            throw new IllegalArgumentException("of another list");
        }
        var values = new ArrayList<Object>();
        for (var i = 0; i < parsers.size(); i++) {
            values.add(parsers.get(i).apply(decoded(parts[i + 1])));
        }
        if (!Storable.isStorable(values)) {
            throw new IllegalArgumentException("no value of a row");
        }
        return new Cursor(order, values);
    }

    private static String decoded(String part) throws CharacterCodingException {
        return UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(part)))
                .toString();
    }
}
