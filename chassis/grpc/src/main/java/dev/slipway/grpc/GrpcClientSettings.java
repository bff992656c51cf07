package dev.slipway.grpc;

import dev.slipway.core.DataSize;
import dev.slipway.core.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How one other service is called.
///
/// @param target where it is: `dns:///orders:9000`, or a name that a resolver of the wiring knows
/// @param deadline of a unary call; less if the call that is being served has less left
/// @param maxAttempts how often a call that may be repeated is tried in all, if the service cannot be reached
/// @param backoff about how long the first pause between two tries is; each further one is twice as long
/// @param hedgingDelay when a read is sent a second time, without waiting longer for the first answer
/// @param keepAlive after it a silent connection with calls is asked whether it is alive
/// @param tls whether to speak TLS
/// @param tlsCa PEM certificates that vouch for the service; by default those of the JDK. Read again every minute, as
///     the other files
/// @param tlsCertificate a PEM chain of this service, where clients need one (mTLS)
/// @param tlsKey the key of the certificate, PKCS#8 in PEM
/// @param tlsName the name in the service's certificate, if it is not the target's
public record GrpcClientSettings(
        @Setting(about = "Where the service is, for example dns:///orders:9000")
        String target,

        @Setting(about = "Deadline of a unary call", byDefault = "5s", least = "1ms")
        Duration deadline,

        @Setting(
                about = "How often a call that may be repeated is tried in all",
                byDefault = "3",
                least = "1",
                most = "5")
        int maxAttempts,

        @Setting(about = "About how long the first pause between two tries is", byDefault = "50ms", least = "1ms")
        Duration backoff,

        @Setting(about = "When a read is sent a second time; never if not set")
        Optional<Duration> hedgingDelay,

        @Setting(about = "Largest message of an answer", byDefault = "4MB", least = "1B", most = "256MB")
        DataSize maxMessageSize,

        @Setting(about = "When a silent connection is asked whether it is alive", byDefault = "60s", least = "1ms")
        Duration keepAlive,

        @Setting(about = "Whether to speak TLS", byDefault = "false")
        boolean tls,

        @Setting(about = "Who vouches for the service (PEM file); by default the JDK's authorities")
        Optional<Path> tlsCa,

        @Setting(about = "Certificate chain of this service (PEM file)")
        Optional<Path> tlsCertificate,

        @Setting(about = "Key of the certificate (PEM file, PKCS#8)")
        Optional<Path> tlsKey,

        @Setting(about = "The name in the service's certificate, if it is not the target's")
        Optional<String> tlsName) {

    public GrpcClientSettings {
        if (tlsCertificate.isPresent() != tlsKey.isPresent()) {
            throw new IllegalArgumentException("tls-certificate and tls-key need each other");
        }
        if (!tls && (tlsCa.isPresent() || tlsCertificate.isPresent() || tlsName.isPresent())) {
            throw new IllegalArgumentException("tls-ca, tls-certificate, tls-key and tls-name need tls: true");
        }
    }
}
