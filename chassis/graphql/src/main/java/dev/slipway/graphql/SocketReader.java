package dev.slipway.graphql;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what a client sends over a WebSocket ([RFC 6455](https://www.rfc-editor.org/rfc/rfc6455)): frames are held to the
/// protocol and bounded, and text is decoded once it is whole. For one thread.
final class SocketReader {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /// How much larger than allowed a message may be and still get an orderly close.
    private static final int LEEWAY = 4;

    private static final int LARGEST_CONTROL = 125;
    private static final byte[] NONE = {};
    private static final Logger LOG = LoggerFactory.getLogger(SocketReader.class);

    private final DataReader in;
    private final int most;
    private @Nullable ByteArrayOutputStream begun;

    /// What a client may say.
    sealed interface Message {
        record Text(String text) implements Message {}

        @SuppressWarnings("ArrayRecordComponent") // sent back, never compared
        record Ping(byte[] data) implements Message {}

        record Pong() implements Message {}

        /// A piece of a message that is not whole yet.
        record Piece() implements Message {}

        /// @param code as it is answered
        record Close(int code) implements Message {}
    }

    /// What closes the connection.
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final int code;

        RefusedException(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// @param most bytes of a message, however many frames it comes in
    SocketReader(DataReader in, int most) {
        this.in = in;
        this.most = most;
    }

    /// The next frame.
    ///
    /// @throws RefusedException with the code to close with
    /// @throws RuntimeException if the client has gone
    Message next() throws RefusedException {
        var first = unsigned(in.read());
        var second = unsigned(in.read());
        var code = first & 0x0f;
        var isLast = (first & 0x80) != 0;
        require((first & 0x70) == 0, "Extensions are not spoken here");
        require((second & 0x80) != 0, "What a client sends is masked");
        return code < CLOSE ? data(code, isLast, second & 0x7f) : control(code, isLast, second & 0x7f);
    }

    private Message data(int code, boolean isLast, int length) throws RefusedException {
        require(code <= BINARY, "Unknown kind of frame");
        if (code == BINARY) {
            throw new RefusedException(SocketCodes.UNSUPPORTED, "Messages are text here");
        }
        var pieces = begun;
        require((code == TEXT) == (pieces == null), "A message ends before the next begins");
        var size = length(length);
        if (size > most - (pieces == null ? 0 : pieces.size())) {
            throw new RefusedException(SocketCodes.TOO_LARGE, "The message is too large");
        }
        var piece = payload((int) size);
        if (pieces == null && isLast) {
            return new Message.Text(decoded(piece));
        }
        var joined = pieces == null ? new ByteArrayOutputStream(piece.length) : pieces;
        joined.writeBytes(piece);
        begun = isLast ? null : joined;
        return isLast ? new Message.Text(decoded(joined.toByteArray())) : new Message.Piece();
    }

    /// Reads and forgets what a client sends that was told to go, until it has or has sent too much.
    void forget() {
        var left = (long) most * LEEWAY;
        try {
            while (left > 0) {
                left -= in.readBuffer().available();
            }
        } catch (RuntimeException e) {
            LOG.debug("the client has gone", e);
        }
    }

    private Message control(int code, boolean isLast, int length) throws RefusedException {
        require(isLast && length <= LARGEST_CONTROL, "Control frames are short and whole");
        return switch (code) {
            case PING -> new Message.Ping(payload(length));
            case PONG -> {
                payload(length);
                yield new Message.Pong();
            }
            case CLOSE -> close(payload(length));
            default -> throw new RefusedException(SocketCodes.PROTOCOL_ERROR, "Unknown kind of frame");
        };
    }

    private static Message close(byte[] payload) throws RefusedException {
        if (payload.length == 0) {
            return new Message.Close(SocketCodes.NORMAL);
        }
        require(payload.length > 1, "A code has two bytes");
        var code = unsigned(payload[0]) << 8 | unsigned(payload[1]);
        require(SocketCodes.maySend(code), "No such code");
        decoded(Arrays.copyOfRange(payload, 2, payload.length));
        return new Message.Close(code);
    }

    private long length(int length) throws RefusedException {
        var bytes = length < 126 ? 0 : length == 126 ? 2 : 8;
        var size = bytes == 0 ? length : 0L;
        for (var i = 0; i < bytes; i++) {
            size = size << 8 | unsigned(in.read());
        }
        require(size >= 0, "A length is no negative number");
        return size;
    }

    private byte[] payload(int length) {
        var mask = in.readBytes(4);
        var payload = length == 0 ? NONE : in.readBytes(length);
        for (var i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private static String decoded(byte[] text) throws RefusedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(SocketCodes.NOT_UTF_8, "Text is UTF-8");
        }
    }

    private static int unsigned(byte value) {
        return value & 0xff;
    }

    private static void require(boolean condition, String otherwise) throws RefusedException {
        if (!condition) {
            throw new RefusedException(SocketCodes.PROTOCOL_ERROR, otherwise);
        }
    }
}
