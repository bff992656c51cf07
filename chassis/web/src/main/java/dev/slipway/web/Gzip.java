package dev.slipway.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Compresses answers ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)): Helidon 4.3.1 comes without a provider.
final class Gzip {
    private Gzip() {}

    /// Whether the client takes gzip and does not like the answer as it is more
    /// ([RFC 9110, 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3)).
    static boolean accepted(ServerRequestHeaders headers) {
        if (!headers.contains(HeaderNames.ACCEPT_ENCODING)) {
            return false;
        }
        var accepted = Accepted.of(headers, HeaderNames.ACCEPT_ENCODING);
        var gzip = accepted.names("x-gzip") ? accepted.ofName("x-gzip") : accepted.ofName("gzip");
        return gzip > 0 && (!accepted.names("identity") || gzip >= accepted.ofName("identity"));
    }

    static byte[] compress(byte[] body) {
        var out = new ByteArrayOutputStream(body.length / 3 + 64);
        try (var gzip = new GZIPOutputStream(out, 8 * 1024) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
