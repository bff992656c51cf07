package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc.ProfileServiceImplBase;
import proto.dev.slipway.shop.user.v1.ReadProfileRequest;
import proto.dev.slipway.shop.user.v1.ReadProfileResponse;

class GrpcClientTest {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server = serve();

    /// Knows everybody but `nobody`.
    private static Server serve() {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .directExecutor()
                    .addService(new ProfileServiceImplBase() {
                        @Override
                        public void readProfile(
                                ReadProfileRequest request, StreamObserver<ReadProfileResponse> answer) {
                            if (request.getId().equals("nobody")) {
                                answer.onError(Status.NOT_FOUND.asRuntimeException());
                            } else {
                                answer.onNext(ReadProfileResponse.getDefaultInstance());
                                answer.onCompleted();
                            }
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private String report(String... users) throws InterruptedException {
        var targets = List.of(users).stream()
                .map(user -> GrpcClient.Target.of(user + " token"))
                .toList();
        return GrpcClient.run(targets, loop, server.getPort(), 1);
    }

    @Test
    void a_run_reports_as_wrk_does() throws InterruptedException {
        var seen = Load.Seen.parse(report("ann", "ben"));
        assertThat(seen.requests()).isPositive();
        assertThat(seen.p50()).isPositive().isLessThanOrEqualTo(seen.p99());
    }

    @Test
    void a_run_with_a_refused_call_is_no_result() throws InterruptedException {
        var report = report("ann", "nobody");
        assertThatExceptionOfType(MeasureException.class).isThrownBy(() -> Load.Seen.parse(report));
    }
}
