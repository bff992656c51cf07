package dev.slipway.grpc;

import dev.slipway.core.DataSize;
import dev.slipway.core.Setting;
import dev.slipway.resilience.ConcurrencyLimitSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The section `grpc`.
///
/// @param host what to listen on; by default all interfaces in production, else loopback
/// @param port 0 takes a free one
/// @param maxMessageSize a larger message, measured after decompression, ends its call with `RESOURCE_EXHAUSTED`
/// @param maxMetadataSize a call with more bytes of metadata is refused
/// @param limit how many unary calls are served at once; one more is answered `UNAVAILABLE`
/// @param maxConcurrentStreams streaming calls served at once, besides those, and watches of the health; one more is
///     answered `UNAVAILABLE`
/// @param maxStreamsPerClient one more of who is signed in, or of an address, is answered `RESOURCE_EXHAUSTED`
/// @param maxCallsPerConnection a client waits with more of them
/// @param maxConnections one more is closed at once
/// @param defaultDeadline of a unary call whose client sends none
/// @param longestDeadline a unary call whose client allows more is ended after it
/// @param longestStream a streaming call is ended after it, whatever its client allows
/// @param tokenCheck how often it is looked whether the token of a stream is still valid; the stream ends if not
/// @param keepAlive after it a silent connection is asked whether it is alive; it has 20 s to answer
/// @param permitKeepAlive a client that asks so more often than this is sent away
/// @param maxConnectionAge after about this time a client is told to connect anew, so that new copies get their share
/// @param connectionGrace how long the calls in flight may take to end then
/// @param tlsCertificate a PEM chain; with it and its key the server speaks TLS. The files are read again every minute
/// @param tlsKey the key of the certificate, PKCS#8 in PEM
/// @param tlsClientCa PEM certificates; with them only clients are let in whose certificate they vouch for (mTLS)
public record GrpcSettings(
        @Setting(about = "What to listen on") Optional<String> host,

        @Setting(about = "Port; 0 takes a free one", byDefault = "9000", least = "0", most = "65535")
        int port,

        @Setting(about = "Largest message, after decompression", byDefault = "1MB", least = "1B", most = "256MB")
        DataSize maxMessageSize,

        @Setting(about = "Largest sum of a call's metadata", byDefault = "16KB", least = "1KB", most = "1MB")
        DataSize maxMetadataSize,

        ConcurrencyLimitSettings limit,

        @Setting(about = "Streaming calls served at once", byDefault = "2000", least = "1", most = "1_000_000")
        int maxConcurrentStreams,

        @Setting(about = "Of these, those of one caller or address; else a tenth", least = "1", most = "1_000_000")
        Optional<Integer> maxStreamsPerClient,

        @Setting(about = "Calls at once on one connection", byDefault = "256", least = "1", most = "1_000_000")
        int maxCallsPerConnection,

        @Setting(about = "Connections open at once", byDefault = "10000", least = "1", most = "1_000_000")
        int maxConnections,

        @Setting(about = "Deadline of a unary call whose client sends none", byDefault = "30s", least = "1ms")
        Duration defaultDeadline,

        @Setting(about = "Longest deadline of a unary call", byDefault = "60s", least = "1ms")
        Duration longestDeadline,

        @Setting(about = "Longest life of a streaming call", byDefault = "30m", least = "1ms")
        Duration longestStream,

        @Setting(about = "How often the tokens of streams are looked at again", byDefault = "15s", least = "1ms")
        Duration tokenCheck,

        @Setting(about = "When a silent connection is asked whether it is alive", byDefault = "60s", least = "1ms")
        Duration keepAlive,

        @Setting(about = "How often clients may ask whether the connection is alive", byDefault = "20s", least = "1ms")
        Duration permitKeepAlive,

        @Setting(about = "When clients are told to connect anew", byDefault = "30m", least = "1ms")
        Duration maxConnectionAge,

        @Setting(about = "How long calls may go on then", byDefault = "30m", least = "1ms")
        Duration connectionGrace,

        @Setting(about = "Certificate chain of the server (PEM file)")
        Optional<Path> tlsCertificate,

        @Setting(about = "Key of the certificate (PEM file, PKCS#8)")
        Optional<Path> tlsKey,

        @Setting(about = "Authorities of client certificates (PEM file); clients need one then")
        Optional<Path> tlsClientCa) {

    public GrpcSettings {
        if (tlsCertificate.isPresent() != tlsKey.isPresent()) {
            throw new IllegalArgumentException("tls-certificate and tls-key need each other");
        }
        if (tlsClientCa.isPresent() && tlsCertificate.isEmpty()) {
            throw new IllegalArgumentException("tls-client-ca needs tls-certificate and tls-key");
        }
    }

    int streamsPerClient() {
        return maxStreamsPerClient.orElse(Math.max(1, maxConcurrentStreams / 10));
    }
}
