package dev.slipway.bench;

import com.google.protobuf.Timestamp;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import proto.dev.slipway.shop.user.v1.Profile;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;
import proto.dev.slipway.shop.user.v1.ReadProfileRequest;
import proto.dev.slipway.shop.user.v1.ReadProfileResponse;

/// The read by key by gRPC with nothing around it: grpc-java on Netty, calls on virtual threads, and [BareProfiles].
public final class GrpcTwin extends ProfileServiceGrpc.ProfileServiceImplBase {
    private final BareProfiles profiles;

    private GrpcTwin(BareProfiles profiles) {
        this.profiles = profiles;
    }

    /// @param arguments the port, a port that answers 200 as soon as it serves, and the database's JDBC URL with user and
    ///     password
    public static void main(String[] arguments) throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        NettyServerBuilder.forAddress(new InetSocketAddress(loopback, Integer.parseInt(arguments[0])))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(new GrpcTwin(BareProfiles.of(arguments[2])))
                .build()
                .start();
        var readiness = HttpServer.create(new InetSocketAddress(loopback, Integer.parseInt(arguments[1])), 0);
        readiness.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, -1);
            exchange.close();
        });
        readiness.start();
    }

    @Override
    public void readProfile(ReadProfileRequest request, StreamObserver<ReadProfileResponse> answer) {
        try {
            var profile = profiles.find(UUID.fromString(request.getId()));
            if (profile.isEmpty()) {
                answer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            answer.onNext(ReadProfileResponse.newBuilder()
                    .setProfile(message(profile.get()))
                    .build());
            answer.onCompleted();
        } catch (SQLException e) {
            answer.onError(Status.INTERNAL.withCause(e).asRuntimeException());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.onError(Status.CANCELLED.asRuntimeException());
        }
    }

    private static Profile message(BareProfiles.Profile profile) {
        return Profile.newBuilder()
                .setId(profile.id().toString())
                .setEmail(profile.email())
                .setDisplayName(profile.displayName())
                .setLocale(profile.locale())
                .setStatus(proto.dev.slipway.shop.user.v1.Status.valueOf(
                        "STATUS_" + profile.status().toUpperCase(Locale.ROOT)))
                .setVersion(profile.version())
                .setCreatedAt(timestamp(profile.createdAt()))
                .setUpdatedAt(timestamp(profile.updatedAt()))
                .build();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
