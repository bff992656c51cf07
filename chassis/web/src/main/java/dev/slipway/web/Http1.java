package dev.slipway.web;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.RequestException;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelectorProvider;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// Where Helidon 4.3.1 differs from HTTP/1.1 ([RFC 9112](https://www.rfc-editor.org/rfc/rfc9112)): it takes neither chunk
/// extensions nor trailers nor a `Transfer-Encoding` in other letters than its own, keeps a chunk's line of any length,
/// looks at neither a chunk's end nor the sign of its size, knows the options of a connection only as a whole value and in
/// its own letters, takes no empty line before a request, and sends `Content-Length: 0` where there must be none. What of
/// request lines it takes too easily, a [RequestLine] refuses.
final class Http1 {
    /// Stands where no length is sent; known by its identity.
    static final Header NO_LENGTH = HeaderValues.createCached(HeaderNames.CONTENT_LENGTH, "0");

    private static final int LONGEST_REQUEST_LINE = 16 * 1024;

    private Http1() {}

    /// Lets the server speak it, and what its other protocols upgrade it to. Called when those are known.
    static void serve(WebServerConfig.Builder server, HttpSettings settings) {
        var config = Http1Config.builder()
                // Nothing writes requests and answers as they are, at any level: they hold personal data.
                .sendLog(false)
                .receiveLog(false)
                .maxPrologueLength(LONGEST_REQUEST_LINE)
                .maxHeadersSize(settings.maxHeaderSize().intBytes())
                .addReceiveListener(new Received())
                .addSendListener(new Sent())
                .build();
        var others = ProtocolConfigs.create(List.copyOf(server.protocols()));
        server.protocols(List.of()).addConnectionSelector(new Selector(selector(config, others)));
    }

    private static ServerConnectionSelector selector(Http1Config config, ProtocolConfigs others) {
        for (ServerConnectionSelectorProvider<?> provider :
                ServiceLoader.load(ServerConnectionSelectorProvider.class)) {
            if (provider.protocolConfigType() == Http1Config.class) {
                return create(provider, config, others);
            }
        }
        throw new IllegalStateException("the class path has no HTTP/1.1");
    }

    @SuppressWarnings("unchecked") // it has just said so
    private static ServerConnectionSelector create(
            ServerConnectionSelectorProvider<?> provider, Http1Config config, ProtocolConfigs others) {
        return ((ServerConnectionSelectorProvider<Http1Config>) provider).create("@default", config, others);
    }

    /// Writes what counts in any letters and anywhere in a list as the server looks for it.
    private static final class Received implements Http1ConnectionListener {
        private static final Header WEB_SOCKET = HeaderValues.createCached(HeaderNames.UPGRADE, "websocket");

        @Override
        public void headers(ConnectionContext context, Headers headers) {
            ((Requests) context.dataReader()).headEnds();
            var changed = (WritableHeaders<?>) headers;
            if (headers.contains(HeaderNames.TRANSFER_ENCODING)
                    && headers.get(HeaderNames.TRANSFER_ENCODING).valueCount() == 1
                    && headers.get(HeaderNames.TRANSFER_ENCODING).get().equalsIgnoreCase("chunked")) {
                changed.set(HeaderValues.TRANSFER_ENCODING_CHUNKED);
            }
            if (!names(headers, HeaderNames.CONNECTION, "upgrade")) {
                changed.remove(HeaderNames.UPGRADE);
            } else if (names(headers, HeaderNames.UPGRADE, "websocket")) {
                changed.set(WEB_SOCKET);
            }
            if (names(headers, HeaderNames.CONNECTION, "close")) {
                changed.set(HeaderValues.CONNECTION_CLOSE);
            }
        }

        private static boolean names(Headers headers, HeaderName list, String option) {
            return headers.all(list, List::of).stream()
                    .flatMap(value -> Arrays.stream(value.split(",")))
                    .anyMatch(named -> named.strip().equalsIgnoreCase(option));
        }
    }

    private static final class Sent implements Http1ConnectionListener {
        @Override
        @SuppressWarnings("ReferenceEquality") // that is the point
        public void headers(ConnectionContext context, Headers headers) {
            if (headers.contains(HeaderNames.CONTENT_LENGTH) && headers.get(HeaderNames.CONTENT_LENGTH) == NO_LENGTH) {
                ((WritableHeaders<?>) headers).remove(HeaderNames.CONTENT_LENGTH);
            }
        }
    }

    /// Gives connections another reader.
    private record Selector(ServerConnectionSelector http1) implements ServerConnectionSelector {
        @Override
        public int bytesToIdentifyConnection() {
            return http1.bytesToIdentifyConnection();
        }

        @Override
        public Support supports(BufferData request) {
            return http1.supports(request);
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return http1.supportedApplicationProtocols();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            return http1.connection(new Context(context, new Requests(context.serverSocket())));
        }
    }

    /// The server looks for the end of a line in the head of a request, and asks for whole lines only where chunks begin and
    /// end.
    private static final class Requests extends DataReader {
        private static final int MOST_EMPTY_LINES = 4;
        private static final int LONGEST_LINE = 4 * 1024;
        private static final int MOST_TRAILERS = 100;

        /// What it looks for next is the first line of a request.
        private boolean headBegins = true;

        private boolean isRequestLine;
        private boolean ended;

        Requests(HelidonSocket socket) {
            super(() -> read(socket));
        }

        /// Whatever follows until the next request is not of its head.
        void headEnds() {
            headBegins = true;
        }

        /// Some clients send an empty line after a body ([RFC 9112, 2.2](https://www.rfc-editor.org/rfc/rfc9112#section-2.2)).
        @Override
        public int findNewLine(int max) {
            if (headBegins) {
                for (var i = 0; i < MOST_EMPTY_LINES && startsWithNewLine(); i++) {
                    super.skip(2);
                }
                headBegins = false;
                isRequestLine = true;
            }
            return super.findNewLine(max);
        }

        @Override
        public byte[] readBytes(int length) {
            var bytes = super.readBytes(length);
            if (isRequestLine) {
                isRequestLine = false;
                RequestLine.check(bytes);
            }
            return bytes;
        }

        private static byte[] read(HelidonSocket socket) {
            try {
                return socket.get();
            } catch (UncheckedIOException e) {
                throw new ServerConnectionException("the connection broke", e);
            }
        }

        @Override
        public String readLine() {
            if (ended) {
                ended = false;
                skipTrailers();
                return "";
            }
            var line = line();
            var extension = line.indexOf(';');
            var size = extension < 0 ? line : line.substring(0, extension).stripTrailing();
            if (size.isEmpty() || !size.chars().allMatch(HexFormat::isHexDigit)) {
                throw malformed("a chunk without a size");
            }
            ended = size.chars().allMatch(digit -> digit == '0');
            return size;
        }

        /// The server skips two bytes where a line or a chunk ends, and does not look at them.
        @Override
        public void skip(int length) {
            if (length != 2) {
                super.skip(length);
            } else if (read() != '\r' || read() != '\n') {
                throw malformed("a line or a chunk without its end");
            }
        }

        @Override
        public BufferData readBuffer() {
            ensureAvailable();
            return readBuffer(available());
        }

        @Override
        public BufferData readBuffer(int length) {
            var bytes = getBuffer(length);
            super.skip(length);
            return bytes;
        }

        private void skipTrailers() {
            for (var i = 0; i < MOST_TRAILERS; i++) {
                if (line().isEmpty()) {
                    return;
                }
            }
            throw malformed("too many trailers");
        }

        private String line() {
            try {
                var length = super.findNewLine(LONGEST_LINE);
                if (length == LONGEST_LINE) {
                    throw malformed("too long a line in a body");
                }
                var line = readAsciiString(length);
                skip(2);
                if (line.indexOf('\n') >= 0) {
                    throw malformed("a line without its end");
                }
                return line;
            } catch (IncorrectNewLineException e) {
                throw malformed("a line without its end");
            }
        }

        private static RequestException malformed(String message) {
            return RequestException.builder()
                    .type(EventType.BAD_REQUEST)
                    .message(message)
                    .build();
        }
    }

    private record Context(ConnectionContext server, DataReader dataReader) implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return server.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return server.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return server.dataWriter();
        }

        @Override
        public Router router() {
            return server.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return server.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return server.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return server.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return server.localPeer();
        }

        @Override
        public boolean isSecure() {
            return server.isSecure();
        }

        @Override
        public String socketId() {
            return server.socketId();
        }

        @Override
        public String childSocketId() {
            return server.childSocketId();
        }
    }
}
