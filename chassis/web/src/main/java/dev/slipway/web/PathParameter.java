package dev.slipway.web;

import java.util.UUID;
import java.util.function.Function;

/// A part of a path, `{name}`, with its type.
///
/// @param schema what the description calls it, for example `uuid`
/// @param parser makes the value; an `IllegalArgumentException` means that no such resource can exist, hence 404
public record PathParameter<T>(String name, String about, String schema, Function<String, T> parser) {

    public static PathParameter<UUID> uuid(String name, String about) {
        return new PathParameter<>(name, about, "uuid", PathParameter::parseUuid);
    }

    /// Any text of up to 200 characters.
    public static PathParameter<String> text(String name, String about) {
        return new PathParameter<>(name, about, "", text -> {
            if (text.length() > 200) {
                throw new IllegalArgumentException("too long");
            }
            return text;
        });
    }

    /// [UUID#fromString] takes shortened forms, which would give one resource several addresses.
    private static UUID parseUuid(String text) {
        var uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not in canonical form");
        }
        return uuid;
    }
}
