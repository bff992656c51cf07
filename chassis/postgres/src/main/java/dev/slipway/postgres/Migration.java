package dev.slipway.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// One step of a schema.
///
/// @param name the words after the version, for example `create_widgets`
record Migration(int version, String name, String up, Optional<String> down) {
    private static final String WITHOUT_TRANSACTION = "-- slipway: no transaction";

    String file() {
        return "V%03d__%s.sql".formatted(version, name);
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
