package dev.slipway.telemetry;

import java.util.HexFormat;

/// Keeps text from breaking out of its place in a line.
final class Escape {
    private static final HexFormat HEX = HexFormat.of();

    private Escape() {}

    /// Appends a JSON string (RFC 8259, section 7), with its quotes.
    static void json(StringBuilder line, String text) {
        line.append('"');
        var copied = 0;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < 0x7f ? c < ' ' || c == '"' || c == '\\' : isControl(c)) {
                line.append(text, copied, i);
                appendEscaped(line, c);
                copied = i + 1;
            }
        }
        line.append(text, copied, text.length()).append('"');
    }

    /// Appends text on one line, in which control characters, those of terminals included, show as escapes.
    static void controls(StringBuilder line, String text) {
        var copied = 0;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (isControl(c)) {
                line.append(text, copied, i);
                appendEscaped(line, c);
                copied = i + 1;
            }
        }
        line.append(text, copied, text.length());
    }

    private static void appendEscaped(StringBuilder line, char c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            case '"', '\\' -> line.append('\\').append(c);
            default -> line.append("\\u").append(HEX.toHexDigits(c));
        }
    }

    /// C0, DEL, C1, the separators that end a line in some readers, and overrides of the direction of text.
    private static boolean isControl(char c) {
        return c < ' '
                || (c >= 0x7f && c <= 0x9f)
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
