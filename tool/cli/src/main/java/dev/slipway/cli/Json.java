package dev.slipway.cli;

import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes plain data as JSON (RFC 8259), indented by two spaces or on one line. A map that has no order of its own is
/// written in that of its keys.
final class Json {

    private final StringBuilder out = new StringBuilder();
    private final boolean indented;
    private int depth;

    private Json(boolean indented) {
        this.indented = indented;
    }

    static String indented(Object value) {
        return new Json(true).write(value).out.toString();
    }

    static String compact(Object value) {
        return new Json(false).write(value).out.toString();
    }

    private Json write(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case SequencedMap<?, ?> map -> container('{', '}', map.entrySet());
            case Map<?, ?> map -> write(new TreeMap<>(map));
            case Collection<?> list -> container('[', ']', list);
            case Map.Entry<?, ?> entry -> {
                text(String.valueOf(entry.getKey()));
                out.append(indented ? ": " : ":");
                write(entry.getValue());
            }
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            case Object other -> text(other.toString());
        }
        return this;
    }

    private void container(char open, char close, Collection<?> items) {
        out.append(open);
        depth++;
        Iterator<?> all = items.iterator();
        while (all.hasNext()) {
            newLine();
            write(all.next());
            out.append(all.hasNext() ? "," : "");
        }
        depth--;
        if (!items.isEmpty()) {
            newLine();
        }
        out.append(close);
    }

    private void newLine() {
        if (indented) {
            out.append('\n').repeat("  ", depth);
        }
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
