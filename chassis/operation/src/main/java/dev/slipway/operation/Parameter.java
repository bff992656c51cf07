package dev.slipway.operation;

import java.util.UUID;
import java.util.function.Function;

/// A value that says what an operation is about, with its type: `{id}` of a path, an argument, a field of a message.
///
/// @param schema what documents call the type, for example `uuid`
/// @param parser makes the value; an `IllegalArgumentException` means that no such thing can exist: not found
public record Parameter<T>(String name, String about, String schema, Function<String, T> parser) {

    public static Parameter<UUID> uuid(String name, String about) {
        return new Parameter<>(name, about, "uuid", Parameter::parseUuid);
    }

    /// Any text of up to 200 characters (code points).
    public static Parameter<String> text(String name, String about) {
        return new Parameter<>(name, about, "", text -> {
            if (text.codePointCount(0, text.length()) > 200) {
                throw new IllegalArgumentException("too long");
            }
            return text;
        });
    }

    /// [UUID#fromString] takes shortened forms, which would give one thing several names.
    private static UUID parseUuid(String text) {
        var uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not in canonical form");
        }
        return uuid;
    }
}
