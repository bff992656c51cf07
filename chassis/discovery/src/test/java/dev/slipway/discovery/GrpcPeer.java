package dev.slipway.discovery;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A gRPC server on loopback, with one method that answers with the server's address.
final class GrpcPeer implements AutoCloseable {
    static final MethodDescriptor<String, String> CALL = MethodDescriptor.newBuilder(new Text(), new Text())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test.Peer/Call")
            .build();

    final AtomicInteger hits = new AtomicInteger();
    final CountDownLatch released = new CountDownLatch(1);
    volatile Status status = Status.OK;
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;
    private final int port;

    private record Text() implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    GrpcPeer() throws IOException {
        this(0);
    }

    GrpcPeer(int wanted) throws IOException {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(health.getHealthService())
                .addService(ServerServiceDefinition.builder("test.Peer")
                        .addMethod(CALL, ServerCalls.asyncUnaryCall((request, answer) -> {
                            hits.incrementAndGet();
                            if (request.equals("block")) {
                                awaitRelease();
                            }
                            if (status.isOk()) {
                                answer.onNext(address());
                                answer.onCompleted();
                            } else {
                                answer.onError(status.asException());
                            }
                        }))
                        .build())
                .build()
                .start();
        port = server.getPort();
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    void healthy(boolean now) {
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    @Override
    public void close() {
        released.countDown();
        try {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
