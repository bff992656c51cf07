package dev.slipway.grpc;

import dev.slipway.core.StartException;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/// How a server proves who it is, and whom it lets in.
///
/// @param certificate a PEM chain; without it there is no TLS
/// @param clientCa who vouches for clients; without it clients need no certificate
record ServerTls(Optional<Path> certificate, Optional<Path> key, Optional<Path> clientCa) {
    /// @param open what to run at the end, so that the files are watched no longer
    ServerCredentials credentials(List<Runnable> open) {
        if (certificate.isEmpty() || key.isEmpty()) {
            return InsecureServerCredentials.create();
        }
        try {
            var builder = TlsServerCredentials.newBuilder()
                    .keyManager(Certificates.identity(certificate.get(), key.get(), open));
            if (clientCa.isPresent()) {
                builder.trustManager(
                                Certificates.trust(clientCa.get(), Verification.CERTIFICATE_ONLY_VERIFICATION, open))
                        .clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException(
                    "grpc: the files of tls-certificate, tls-key and tls-client-ca cannot be used: " + e.getMessage(),
                    e);
        }
    }
}
