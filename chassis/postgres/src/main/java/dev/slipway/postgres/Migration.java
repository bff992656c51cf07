package dev.slipway.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// One step of a schema.
///
/// @param name the words after the version, for example `create_widgets`
record Migration(int version, String name, String up, Optional<String> down) {
    private static final String WITHOUT_TRANSACTION = "-- slipway: no transaction";

    /// What may hold a semicolon or a word that is none of SQL's.
    private static final Pattern OPAQUE = Pattern.compile("""
            \\b[eE]'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+' | '[^']*' | "[^"]*" | --[^\\n]* | /\\*.*?\\*/ | (\\$\\w*\\$).*?\\1\
            """, Pattern.COMMENTS | Pattern.DOTALL);

    private static final Pattern TRANSACTION_CONTROL = Pattern.compile(
            "(?:\\A|;)\\s*(begin(?!\\s+atomic)|start\\s+transaction|commit|rollback(?!\\s+(?:\\w+\\s+)?to\\b)|abort|prepare\\s+transaction)\\b",
            Pattern.CASE_INSENSITIVE);

    /// The statement by which a script would begin or end a transaction itself, and with it that of its migration.
    static Optional<String> transactionControl(String script) {
        var matcher = TRANSACTION_CONTROL.matcher(OPAQUE.matcher(script).replaceAll(" "));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    String file() {
        return String.format(Locale.ROOT, "V%03d__%s.sql", version, name);
    }

    static boolean isTransactional(String script) {
        return !script.startsWith(WITHOUT_TRANSACTION);
    }

    /// Whether a script holds a name as SQL writes it, in any case.
    static boolean names(String script, String name) {
        return Pattern.compile("(?<![\\w$\"])" + Pattern.quote(name) + "(?![\\w$\"])", Pattern.CASE_INSENSITIVE)
                .matcher(script.replace("\"" + name + "\"", name))
                .find();
    }

    /// Equal for equal text, whatever the line ends are.
    String checksum() {
        try {
            var text = up.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
