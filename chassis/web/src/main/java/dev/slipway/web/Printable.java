package dev.slipway.web;

/// Text that may stand in a header.
final class Printable {
    private Printable() {}

    /// @throws IllegalArgumentException if it is not printable ASCII: it may hold a client's line break
    static String text(String value) {
        for (var i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException("a header's value must be printable ASCII");
            }
        }
        return value;
    }
}
