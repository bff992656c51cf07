package dev.slipway.telemetry;

import java.util.regex.Pattern;

/// Takes secrets out of what is logged: by the name of a key, and by their looks in a text. Thread-safe.
///
/// Texts are looked at quickly first; patterns run only where something might match, and in linear time.
final class Redaction {
    static final String HIDDEN = "***";

    private static final int LONGEST_TEXT = 16 * 1024;

    private static final String NAMES =
            "passw(?:or)?d|passphrase|pwd|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|credential";

    private static final Pattern SENSITIVE_KEY = Pattern.compile("(?i)" + NAMES);

    /// `name=value`, `name: value` and `"name":"value"`; a header's value goes to the end of the line.
    private static final Pattern NAMED =
            Pattern.compile("(?i)((?:" + NAMES + ")[\\w.-]{0,40}[\"']?\\s{0,3}[=:]\\s{0,3})"
                    + "(?:(?<=(?:authorization|cookie)\\s{0,3}[=:]\\s{0,3})[^\"\\r\\n]++|\"[^\"]*+\"?|'[^']*+'?"
                    + "|(?:bearer |basic )?[^\\s,;&)}\\]]++)");

    private static final Pattern BEARER = Pattern.compile("(?i)(\\bbearer\\s{1,3})[\\w.~+/=-]{8,}+");

    private static final Pattern JWT = Pattern.compile("\\beyJ[\\w-]{4,}+\\.[\\w-]{2,}+(?:\\.[\\w-]*+){0,3}");

    /// `scheme://user:password@host`.
    private static final Pattern URL_PASSWORD = Pattern.compile("(://[^/\\s:@]{0,100}+:)[^/\\s@]{1,200}+@");

    /// Whether the values of a key must not be logged.
    boolean isSensitive(String key) {
        return SENSITIVE_KEY.matcher(key).find();
    }

    /// The text without secrets, and cut to a decent length.
    String redact(String text) {
        var result = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
        var named = result.indexOf(':') >= 0 || result.indexOf('=') >= 0;
        if (named && result.contains("://")) {
            result = URL_PASSWORD.matcher(result).replaceAll("$1" + HIDDEN + "@");
        }
        if (named) {
            result = NAMED.matcher(result).replaceAll("$1" + HIDDEN);
        }
        if (result.contains("eyJ")) {
            result = JWT.matcher(result).replaceAll(HIDDEN);
        }
        if (result.contains("earer") || result.contains("EARER")) {
            result = BEARER.matcher(result).replaceAll("$1" + HIDDEN);
        }
        return result;
    }
}
