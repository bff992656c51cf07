package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static dev.slipway.grpc.Harbour.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.SettingsException;
import dev.slipway.core.StartException;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.testkit.Await;
import io.grpc.Channel;
import io.grpc.Status;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private Path folder;

    private Path ca;
    private Path strangers;
    private List<String> server;
    private List<String> client;

    @BeforeEach
    void makeCertificates() throws Exception {
        var authority = authority("CN=Harbour Authority");
        var stranger = authority("CN=Somebody Else");
        ca = pem("ca", authority.getRootCertificatePEM());
        strangers = pem("strangers", stranger.getRootCertificatePEM());
        var own = new CertificateBuilder()
                .ecp256()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        server = List.of(
                "--grpc.tls-certificate=" + pem("server", own.getCertificatePathPEM()),
                "--grpc.tls-key=" + pem("server-key", own.getPrivateKeyPEM()));
        var theirs = new CertificateBuilder().ecp256().subject("CN=calling").buildIssuedBy(authority);
        client = List.of(
                "--harbour.tls-certificate=" + pem("client", theirs.getCertificatePathPEM()),
                "--harbour.tls-key=" + pem("client-key", theirs.getPrivateKeyPEM()));
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private Path pem(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".pem"), text);
    }

    private interface Use {
        void with(Channel channel);
    }

    private static void call(Harbour harbour, List<String> settings, Use use) throws InterruptedException {
        var all = new ArrayList<>(List.of("--harbour.tls=true"));
        all.addAll(settings);
        try (var calling = CallingService.open("localhost:" + harbour.address().getPort(), all)) {
            use.with(calling.channel());
        }
    }

    private static String read(Channel channel) {
        return ShipServiceGrpc.newBlockingStub(channel)
                .readShip(ChainTest.read(KNOWN.toString()))
                .getName();
    }

    /// The service says that it is ready shortly after it is.
    private static void assertServed(Channel channel) {
        Await.until("is served", () -> read(channel).equals("Vasa"));
    }

    private static void assertUnreachable(Channel channel) {
        assertThat(failure(() -> read(channel)).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void calls_are_encrypted_and_the_server_is_known_by_its_certificate() throws Exception {
        try (var harbour = Harbour.open(server.toArray(String[]::new))) {
            call(harbour, List.of("--harbour.tls-ca=" + ca), TlsTest::assertServed);
            call(harbour, List.of("--harbour.tls-ca=" + strangers), TlsTest::assertUnreachable);
            call(harbour, List.of(), TlsTest::assertUnreachable);
            call(
                    harbour,
                    List.of("--harbour.tls-ca=" + ca, "--harbour.tls-name=another.example"),
                    TlsTest::assertUnreachable);
            assertThat(failure(() -> harbour.ships().readShip(ChainTest.read(KNOWN.toString())))
                            .getStatus()
                            .getCode())
                    .as("without TLS")
                    .isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void clients_need_a_certificate_where_an_authority_for_them_is_set() throws Exception {
        var mutual = new ArrayList<>(server);
        mutual.add("--grpc.tls-client-ca=" + ca);
        try (var harbour = Harbour.open(mutual.toArray(String[]::new))) {
            var known = new ArrayList<>(client);
            known.add("--harbour.tls-ca=" + ca);
            call(harbour, known, TlsTest::assertServed);
            call(harbour, List.of("--harbour.tls-ca=" + ca), TlsTest::assertUnreachable);
        }
        mutual.set(2, "--grpc.tls-client-ca=" + strangers);
        try (var harbour = Harbour.open(mutual.toArray(String[]::new))) {
            var unknown = new ArrayList<>(client);
            unknown.add("--harbour.tls-ca=" + ca);
            call(harbour, unknown, TlsTest::assertUnreachable);
        }
    }

    @Test
    void files_that_are_none_fail_the_start() {
        assertThatThrownBy(() -> Harbour.open("--grpc.tls-certificate=none.pem", "--grpc.tls-key=none.pem"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tls-certificate");
        assertThatThrownBy(() -> Harbour.open("--grpc.tls-certificate=none.pem"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("need each other");
        assertThatThrownBy(() -> Harbour.open("--grpc.tls-client-ca=none.pem"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tls-client-ca needs");
        assertThatThrownBy(() ->
                        CallingService.open("localhost:1", List.of("--harbour.tls=true", "--harbour.tls-ca=none.pem")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tls-ca");
    }
}
