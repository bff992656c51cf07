package dev.slipway.grpc;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/// Certificates from files, which are read again when they change: who renews them restarts nothing.
final class Certificates {
    private static final Duration RELOAD = Duration.ofMinutes(1);

    private Certificates() {}

    /// @param open what to run at the end, so that the files are watched no longer
    static AdvancedTlsX509KeyManager identity(Path certificate, Path key, List<Runnable> open)
            throws IOException, GeneralSecurityException {
        var manager = new AdvancedTlsX509KeyManager();
        var watch = manager.updateIdentityCredentials(
                certificate.toFile(),
                key.toFile(),
                RELOAD.toMillis(),
                TimeUnit.MILLISECONDS,
                ForkJoinPool.commonPool());
        open.add(watch::close);
        return manager;
    }

    static AdvancedTlsX509TrustManager trust(Path authorities, Verification verification, List<Runnable> open)
            throws IOException, GeneralSecurityException {
        var manager = AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(verification)
                .build();
        var watch = manager.updateTrustCredentials(
                authorities.toFile(), RELOAD.toMillis(), TimeUnit.MILLISECONDS, ForkJoinPool.commonPool());
        open.add(watch::close);
        return manager;
    }
}
