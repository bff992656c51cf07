package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HttpToken;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// What the first line of a request must be: a method in its own letters, and a path with one spelling.
///
/// A gateway that decides by the path must read the same one as the server. Helidon 4.3.1 takes methods in any letters,
/// resolves dot segments and empty ones, and leaves out fragments and what stands behind `;`. Here a path is served as it is
/// written: what has to be resolved, or decoded although it needs no encoding
/// ([RFC 3986, 6.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2)), is refused, and so are encoded slashes,
/// backslashes and control characters.
final class RequestLine {
    static final Problem NOT_PLAIN = Problem.of(
            Kind.INVALID,
            "bad-request",
            "The path is not in its plain form: no empty or dot segments, no ; and #, nothing encoded that needs no"
                    + " encoding, and no encoded slash, backslash or control character.");

    /// Those that are known ([RFC 9110, 9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1)), not those that are served.
    private static final List<byte[]> METHODS = List.of(
            ascii("GET"),
            ascii("POST"),
            ascii("PUT"),
            ascii("DELETE"),
            ascii("PATCH"),
            ascii("HEAD"),
            ascii("OPTIONS"),
            ascii("TRACE"));

    private static final String LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final boolean[] UNRESERVED = table(LETTERS_AND_DIGITS + "-._~");
    private static final boolean[] PLAIN = table(LETTERS_AND_DIGITS + "-._~" + "!$&'()*+,=:@");

    /// What a client sends to a proxy, and a server has to take, too
    /// ([RFC 9112, 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)).
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[^/?#@ ]+(?=[/? ])");

    private RequestLine() {}

    /// Refuses a line, without its end; what is no request line at all is left to the server.
    static void check(byte[] line) {
        var methodEnd = indexOf(line, ' ', 0);
        if (methodEnd < 0) {
            return;
        }
        if (!isMethod(line, methodEnd)) {
            HttpToken.validate(new String(line, 0, methodEnd, StandardCharsets.US_ASCII));
            throw refusal(methodEnd == 0 ? Status.BAD_REQUEST_400 : Status.NOT_IMPLEMENTED_501, "no such method");
        }
        var path = path(line, methodEnd + 1);
        if (path < 0 || !isPlain(line, path)) {
            throw refusal(Status.BAD_REQUEST_400, NOT_PLAIN.detail());
        }
    }

    private static boolean isMethod(byte[] line, int end) {
        for (var method : METHODS) {
            if (Arrays.equals(line, 0, end, method, 0, method.length)) {
                return true;
            }
        }
        return false;
    }

    /// Where it begins; less than 0 if the target has none and needs one.
    private static int path(byte[] line, int target) {
        if (target < line.length && line[target] == '/') {
            return target;
        }
        var rest = new String(line, target, line.length - target, StandardCharsets.US_ASCII);
        var origin = ORIGIN.matcher(rest);
        if (origin.lookingAt()) {
            return target + origin.end();
        }
        var asksServer = rest.startsWith("* ") && line[0] == 'O';
        return asksServer || rest.isBlank() ? line.length : -1;
    }

    private static boolean isPlain(byte[] line, int path) {
        var length = -1;
        var dots = 0;
        var hasOtherLetters = false;
        var i = path;
        for (; i < line.length && line[i] != ' ' && line[i] != '?'; i++) {
            var c = line[i];
            if (c == '/') {
                if (length == 0 || isDots(length, dots)) {
                    return false;
                }
                length = 0;
                dots = 0;
            } else if (c == '%') {
                var value = i + 2 < line.length ? hexDigit(line[i + 1]) << 4 | hexDigit(line[i + 2]) : -1;
                if (!needsEncoding(value)) {
                    return false;
                }
                hasOtherLetters |= value >= 0x80;
                length++;
                i += 2;
            } else if (c >= 0 && PLAIN[c]) {
                length++;
                dots += c == '.' ? 1 : 0;
            } else {
                return false;
            }
        }
        return !isDots(length, dots) && indexOf(line, '#', i) < 0 && (!hasOtherLetters || isText(line, path, i));
    }

    private static boolean isDots(int length, int dots) {
        return length == dots && (dots == 1 || dots == 2);
    }

    /// @param value of the byte; less than 0 if it is none
    private static boolean needsEncoding(int value) {
        return value >= 0x80 || (value >= ' ' && value != 0x7f && value != '/' && value != '\\' && !UNRESERVED[value]);
    }

    /// Less than 0 if it is none.
    private static int hexDigit(byte digit) {
        return Character.digit(digit, 16);
    }

    /// Whether what is encoded is UTF-8, without control characters beyond ASCII's.
    private static boolean isText(byte[] line, int begin, int end) {
        var path = URLDecoder.decode(
                new String(line, begin, end - begin, StandardCharsets.US_ASCII), StandardCharsets.UTF_8);
        return path.chars().noneMatch(c -> c == '\ufffd' || Character.isISOControl(c));
    }

    private static int indexOf(byte[] line, char c, int from) {
        for (var i = from; i < line.length; i++) {
            if (line[i] == c) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean[] table(String characters) {
        var table = new boolean[128];
        characters.chars().forEach(c -> table[c] = true);
        return table;
    }

    private static RequestException refusal(Status status, String message) {
        return RequestException.builder()
                .type(EventType.BAD_REQUEST)
                .status(status)
                .message(message)
                .build();
    }
}
