package dev.slipway.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import io.helidon.webserver.http.ServerRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What stands behind the `?` of a request's URL.
public final class QueryString {
    private QueryString() {}

    /// The values by their names; what is said twice has two. Nothing between two `&` is nothing, as in the
    /// [URL standard](https://url.spec.whatwg.org/#urlencoded-parsing).
    ///
    /// @throws dev.slipway.core.ProblemException if a name or a value is no UTF-8, for which the server puts U+FFFD
    public static Map<String, List<String>> values(ServerRequest request) {
        var query = request.query();
        var parts = query.rawValue().split("&");
        var wrong = Arrays.stream(parts)
                .filter(part -> !isText(part))
                .map(part -> part.substring(0, (part + "=").indexOf('=')))
                .map(name -> isText(name) ? URLDecoder.decode(name, UTF_8) : "query")
                .distinct()
                .map(name -> new FieldError(name, "text", "must be well-formed text without U+0000"))
                .toList();
        if (!wrong.isEmpty()) {
            throw Problem.invalid(wrong).asException();
        }
        var values = new LinkedHashMap<>(query.toMap());
        if (Arrays.stream(parts).noneMatch(part -> part.startsWith("="))) {
            values.remove("");
        }
        return values;
    }

    private static boolean isText(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return true;
        }
        var bytes = URLDecoder.decode(encoded, ISO_8859_1).getBytes(ISO_8859_1);
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
