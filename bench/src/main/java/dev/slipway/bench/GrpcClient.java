package dev.slipway.bench;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc.ProfileServiceStub;
import proto.dev.slipway.shop.user.v1.ReadProfileRequest;
import proto.dev.slipway.shop.user.v1.ReadProfileResponse;

/// The load by gRPC, in a process of its own: each line it reads, `PORT SECONDS`, is a run, and it answers as wrk does.
///
/// As many calls as [GrpcLoad] says are always under way (a closed loop), and all of it happens on one thread, so that
/// the client costs little.
public final class GrpcClient {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /// A user's own profile, with a token.
    record Target(ReadProfileRequest request, ClientInterceptor token) {
        /// @param line the user and the token
        static Target of(String line) {
            var parts = line.split(" ");
            return new Target(ReadProfileRequest.newBuilder().setId(parts[0]).build(), withToken(parts[1]));
        }
    }

    private GrpcClient() {}

    /// @param arguments a file with a user and a token in each line
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var targets = Files.readAllLines(Path.of(arguments[0])).stream()
                .map(Target::of)
                .toList();
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var parts = line.split(" ");
            System.out.println(run(targets, loop, Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    static ClientInterceptor withToken(String token) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    static String run(List<Target> targets, EventLoopGroup loop, int port, int seconds) throws InterruptedException {
        var channels = new ArrayList<ManagedChannel>();
        for (var i = 0; i < GrpcLoad.CONNECTIONS; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .directExecutor()
                    .eventLoopGroup(loop)
                    .channelType(NioSocketChannel.class)
                    .build());
        }
        var begin = System.nanoTime();
        var calls = new Loop(targets, begin + TimeUnit.SECONDS.toNanos(seconds));
        loop.execute(() -> channels.forEach(channel -> {
            for (var i = 0; i < GrpcLoad.CALLS_PER_CONNECTION; i++) {
                calls.next(ProfileServiceGrpc.newStub(channel));
            }
        }));
        calls.over.await();
        var micros = (System.nanoTime() - begin) / 1_000;
        for (var channel : channels) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        return calls.report(micros);
    }

    /// Those of one run; on the transport's one thread.
    private static final class Loop {
        /// Up to 5 s.
        private static final int MOST_BUCKETS = 500_000;

        private static final int BUCKET_NANOS = 10_000;

        private final List<Target> targets;
        private final long end;
        private final int[] latencies = new int[MOST_BUCKETS];
        private final CountDownLatch over = new CountDownLatch(GrpcLoad.CONNECTIONS * GrpcLoad.CALLS_PER_CONNECTION);
        private int target;
        private long answered;
        private long failed;

        Loop(List<Target> targets, long end) {
            this.targets = targets;
            this.end = end;
        }

        void next(ProfileServiceStub stub) {
            var begin = System.nanoTime();
            if (begin >= end) {
                over.countDown();
                return;
            }
            target = (target + 1) % targets.size();
            var chosen = targets.get(target);
            stub.withInterceptors(chosen.token()).readProfile(chosen.request(), new StreamObserver<>() {
                @Override
                public void onNext(ReadProfileResponse answer) {
                    answered++;
                }

                @Override
                public void onError(Throwable failure) {
                    failed++;
                    next(stub);
                }

                @Override
                public void onCompleted() {
                    latencies[(int) Math.min((System.nanoTime() - begin) / BUCKET_NANOS, MOST_BUCKETS - 1)]++;
                    next(stub);
                }
            });
        }

        String report(long micros) {
            return String.format(
                    Locale.ROOT,
                    "report requests=%d micros=%d p50=%.1f p99=%.1f errors=%d",
                    answered,
                    micros,
                    percentileMicros(50),
                    percentileMicros(99),
                    failed);
        }

        private double percentileMicros(int percent) {
            var left = answered * percent / 100;
            for (var bucket = 0; bucket < MOST_BUCKETS; bucket++) {
                left -= latencies[bucket];
                if (left < 0) {
                    return (bucket + 1) * BUCKET_NANOS / 1e3;
                }
            }
            return 0;
        }
    }
}
