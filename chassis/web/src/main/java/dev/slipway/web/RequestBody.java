package dev.slipway.web;

import dev.slipway.core.CallContext;
import dev.slipway.core.CallContexts;
import dev.slipway.core.DataSize;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The body of one request, read within its limits.
public final class RequestBody {
    private static final int LEEWAY = 4;
    private static final long LEAST_LEEWAY = 1 << 20;
    private static final int PIECE = 8 * 1024;
    private static final Problem NOT_LINES =
            Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "lines-required", "Send " + StreamRoute.LINES + ".");

    private final ServerRequest request;
    private final Connections.Connection connection;
    private final Place place;
    private final DataSize maxSize;
    private final Duration limit;
    private final CallContexts contexts;
    /// Its deadline is that of the next piece.
    private CallContext call;
    private @Nullable InputStream in;
    private byte[] ahead = {};
    private int read;

    /// @param place not held while the client sends
    /// @param limit how long a line of it may take
    /// @param call until whose deadline all of it may take
    RequestBody(
            ServerRequest request,
            Connections.Connection connection,
            Place place,
            DataSize maxSize,
            Duration limit,
            CallContexts contexts,
            CallContext call) {
        this.request = request;
        this.connection = connection;
        this.place = place;
        this.maxSize = maxSize;
        this.limit = limit;
        this.contexts = contexts;
        this.call = call;
    }

    /// Looks at the clock between pieces, so that a body that trickles in ends at the deadline; one that stalls is ended
    /// by [Connections].
    ///
    /// @throws dev.slipway.core.ProblemException if it is no JSON by its headers, too large or too slow, or if too much else
    ///     is being served once it is there
    /// @throws CloseConnectionException if the client has gone
    public byte[] readJson() throws IOException {
        if (!isJson()) {
            throw Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "json-required", "Send application/json.")
                    .asException();
        }
        var most = maxSize.intBytes();
        if (request.headers().contentLength().orElse(0) > most) {
            throw RestContext.TOO_LARGE.asException();
        }
        if (isLate()) {
            throw RestContext.TOO_SLOW.asException();
        }
        place.lend();
        var body = new ByteArrayOutputStream(512);
        var piece = new byte[PIECE];
        for (var n = next(piece); n >= 0; n = next(piece)) {
            body.write(piece, 0, n);
            if (body.size() > most) {
                throw RestContext.TOO_LARGE.asException();
            }
            if (isLate()) {
                throw RestContext.TOO_SLOW.asException();
            }
        }
        place.takeAgain();
        return body.toByteArray();
    }

    /// @throws dev.slipway.core.ProblemException if it is not a stream of lines by its headers
    void requireLines() {
        if (!mediaType().equals(StreamRoute.LINES)) {
            throw NOT_LINES.asException();
        }
    }

    /// The next line that is not empty; empty at the end. Each may take as long as a request.
    ///
    /// @throws dev.slipway.core.ProblemException if it is too large or too slow
    /// @throws CloseConnectionException if the client has gone
    Optional<byte[]> nextLine() {
        call = contexts.withLimit(call, limit);
        var most = maxSize.intBytes();
        var line = new ByteArrayOutputStream(256);
        try {
            for (var next = nextByte(); next >= 0; next = nextByte()) {
                if (next != '\n') {
                    line.write(next);
                } else if (isBlank(line)) {
                    line.reset();
                } else {
                    return Optional.of(line.toByteArray());
                }
                if (line.size() > most) {
                    throw RestContext.TOO_LARGE.asException();
                }
            }
        } catch (IOException e) {
            throw new CloseConnectionException("the client has gone", e);
        }
        return isBlank(line) ? Optional.empty() : Optional.of(line.toByteArray());
    }

    private int nextByte() throws IOException {
        if (read == ahead.length) {
            if (isLate()) {
                throw RestContext.TOO_SLOW.asException();
            }
            var piece = new byte[PIECE];
            var n = next(piece);
            if (n < 0) {
                return n;
            }
            ahead = Arrays.copyOf(piece, n);
            read = 0;
        }
        return Byte.toUnsignedInt(ahead[read++]);
    }

    private static boolean isBlank(ByteArrayOutputStream line) {
        return line.size() < 64 && line.toString(StandardCharsets.UTF_8).isBlank();
    }

    /// How large a body may be and still get an orderly answer, in bytes; beyond, the connection is cut.
    ///
    /// @param maxSize what is allowed
    static long withLeeway(DataSize maxSize) {
        return Math.max(maxSize.bytes() * LEEWAY, LEAST_LEEWAY);
    }

    /// Whether there are bytes of it that nobody has read: they must not be taken for the next request.
    boolean isLeftOver() {
        return request.content().hasEntity() && !request.content().consumed();
    }

    /// Reads what is left and forgets it. Closing a connection with unread bytes resets it, and a client that is still
    /// sending would never see its answer.
    void discard() {
        if (in == null && request.headers().contains(HeaderNames.EXPECT)) {
            return;
        }
        var piece = new byte[PIECE];
        var rest = withLeeway(maxSize);
        try {
            for (var n = next(piece); n >= 0 && rest > 0 && !isLate(); n = next(piece)) {
                rest -= n;
            }
        } catch (IOException | RuntimeException e) {
            // The connection is closed next, whatever is wrong with it.
        }
    }

    private int next(byte[] piece) throws IOException {
        connection.awaitsPiece(contexts.timeLeft(call));
        try {
            if (in == null) {
                in = request.content().inputStream();
            }
            var n = in.read(piece);
            if (n < 0) {
                connection.bodyEnded();
            }
            return n;
        } catch (RuntimeException e) {
            throw connection
                    .whyCut()
                    .<RuntimeException>map(Problem::asException)
                    .orElseGet(() -> reason(e));
        } finally {
            connection.works();
        }
    }

    private static RuntimeException reason(RuntimeException e) {
        if (e instanceof NumberFormatException) {
            return RestContext.MALFORMED.asException();
        }
        return Problems.known(e)
                .<RuntimeException>map(Problem::asException)
                .orElseGet(() -> new CloseConnectionException("the client has gone", e));
    }

    private boolean isLate() {
        return contexts.isLate(call);
    }

    /// Whether it is JSON by its headers.
    public boolean isJson() {
        var type = mediaType();
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }

    /// In lower case; empty if there is none, or if it is text in another encoding than UTF-8. The server's own parser
    /// fails in many ways.
    private String mediaType() {
        if (!request.headers().contains(HeaderNames.CONTENT_TYPE)) {
            return "";
        }
        var header = request.headers().get(HeaderNames.CONTENT_TYPE);
        if (header.valueCount() > 1) {
            return "";
        }
        var parts = header.get().toLowerCase(Locale.ROOT).split(";");
        for (var i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip();
            if (parameter.startsWith("charset=")
                    && !parameter.substring(8).replace("\"", "").equals("utf-8")) {
                return "";
            }
        }
        return parts.length == 0 ? "" : parts[0].strip();
    }
}
