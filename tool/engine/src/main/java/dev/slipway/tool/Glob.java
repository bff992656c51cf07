package dev.slipway.tool;

import java.util.regex.Pattern;

/// A path pattern: `*` and `?` stay inside a segment, `**` crosses segments and may be empty.
///
/// Unlike the JDK's glob it behaves the same on every system, and `a/**/b` matches `a/b`.
public record Glob(String pattern) {

    boolean matches(String path) {
        return Pattern.matches(regex(), path);
    }

    private String regex() {
        var regex = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            if (pattern.startsWith("**/", i)) {
                regex.append("(?:[^/]+/)*");
                i += 3;
            } else if (pattern.startsWith("**", i)) {
                regex.append(".*");
                i += 2;
            } else {
                char c = pattern.charAt(i++);
                regex.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
