package dev.slipway.grpc;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/// Keeps out of the log what strangers send: the transport logs each frame and each header that is wrong as a warning with
/// a stack. The client is told; here it is a line for who debugs. Anything else that the transport logs stays.
final class TransportLog {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(TransportLog.class);
    /// Held, since the platform forgets loggers with their filters.
    private static final List<Logger> TRANSPORT = Stream.of(
                    "io.grpc.netty.NettyServerHandler", "io.grpc.netty.NettyServerStream")
            .map(Logger::getLogger)
            .toList();

    private TransportLog() {}

    /// For all servers of the process.
    static void quiet() {
        TRANSPORT.forEach(logger -> logger.setFilter(TransportLog::isNews));
    }

    private static boolean isNews(LogRecord line) {
        return switch (line.getThrown()) {
            case Http2Exception e -> debug(e);
            case StatusException e -> debug(e);
            case StatusRuntimeException e -> debug(e);
            // An empty path.
            case IndexOutOfBoundsException e -> debug(e);
            case null, default -> true;
        };
    }

    private static boolean debug(Exception ofClient) {
        LOG.debug("a client sent what is no gRPC: {}", ofClient.getMessage());
        return false;
    }
}
