package dev.slipway.grpc;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A client that sends the frames of [HTTP/2](https://www.rfc-editor.org/rfc/rfc9113) it is told to, also wrong ones.
final class Http2Connection implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    record Frame(int type, int flags, int stream, byte[] payload) {}

    private Http2Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /// The preface is the first of what is sent.
    static Http2Connection to(URI server) throws IOException {
        var socket = new Socket("localhost", server.getPort());
        socket.setSoTimeout(20_000);
        var connection = new Http2Connection(socket);
        connection.unsent.writeBytes(preface());
        return connection;
    }

    static byte[] preface() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(bytes(SETTINGS, 0, 0, new byte[0]));
        return bytes.toByteArray();
    }

    /// What a call begins with.
    static Http2Headers call(String method) {
        return new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .path("/" + method)
                .authority("localhost")
                .add("content-type", "application/grpc")
                .add("te", "trailers");
    }

    /// Names and values are not looked at; nothing refers to what was sent before.
    static byte[] block(Http2Headers headers) {
        var block = Unpooled.buffer();
        try {
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, false, 0)
                    .encodeHeaders(3, headers, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        var bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        return bytes;
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        return bytes.toByteArray();
    }

    /// A message as a call carries it.
    static byte[] message(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeInt(content.length);
        out.write(content);
        return bytes.toByteArray();
    }

    Http2Connection frame(int type, int flags, int stream, byte[] payload) throws IOException {
        unsent.writeBytes(bytes(type, flags, stream, payload));
        return this;
    }

    /// What has been written since the last time, or the beginning of it. The server may close meanwhile.
    void send(int most) throws IOException {
        var bytes = unsent.toByteArray();
        unsent.reset();
        try {
            socket.getOutputStream().write(bytes, 0, Math.min(most, bytes.length));
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).matches("(?i).*(reset|broken pipe).*")) {
                throw e;
            }
        }
    }

    void send() throws IOException {
        send(Integer.MAX_VALUE);
    }

    /// Nothing if the server has ended the connection.
    Optional<Frame> read() throws IOException {
        try {
            var first = in.read();
            if (first < 0) {
                return Optional.empty();
            }
            var length = first << 16 | in.readUnsignedShort();
            return Optional.of(
                    new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length)));
        } catch (java.io.EOFException | java.net.SocketException e) {
            return Optional.empty();
        }
    }

    /// All header blocks of a connection are to be read, in their order: each may refer to those before.
    Http2Headers headers(Frame frame) throws Http2Exception {
        return decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
