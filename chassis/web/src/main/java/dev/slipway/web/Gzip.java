package dev.slipway.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Compresses answers ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)): Helidon 4.3.1 comes without a provider.
final class Gzip {
    private Gzip() {}

    /// Whether an `Accept-Encoding` header takes gzip ([RFC 9110, 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3)).
    static boolean accepted(String header) {
        var any = false;
        for (var element : header.toLowerCase(Locale.ROOT).split(",")) {
            var parts = element.split(";");
            var refused = parts.length > 1 && parts[1].strip().matches("q\\s*=\\s*0(\\.0*)?");
            switch (parts[0].strip()) {
                case "gzip", "x-gzip" -> {
                    return !refused;
                }
                case "*" -> any = !refused;
                default -> {}
            }
        }
        return any;
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
