package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Problem.Kind;
import dev.slipway.grpc.harbour.v1.ImportCargoRequest;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.WatchTideRequest;
import dev.slipway.testkit.Await;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// How many streams may be open, in all and of one client, counted as those by HTTP are.
class StreamLimitTest {

    private static int open(Harbour harbour) {
        return (int) harbour.meters.get("grpc.server.streams").gauge().value();
    }

    /// Opens a stream that goes on until its context is cancelled; returns when its first message is there.
    private static CancellableContext open(Supplier<Iterator<?>> stream) throws Exception {
        var context = Context.current().withCancellation();
        context.call(() -> stream.get().next());
        return context;
    }

    private static Supplier<Iterator<?>> tide(Harbour harbour, String... metadata) {
        return () -> harbour.ships(metadata)
                .watchTide(WatchTideRequest.newBuilder()
                        .setCount(1)
                        .setSize(Harbour.ENDLESS)
                        .build());
    }

    private static Supplier<Iterator<?>> health(Harbour harbour, String... metadata) {
        return () -> HealthGrpc.newBlockingStub(harbour.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata(metadata)))
                .watch(HealthCheckRequest.getDefaultInstance());
    }

    private static Supplier<Iterator<?>> reflection(Harbour harbour, String... metadata) {
        var oneQuestion = ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
                .setType(MethodType.SERVER_STREAMING)
                .build();
        return () -> ClientCalls.blockingServerStreamingCall(
                ClientInterceptors.intercept(
                        harbour.channel(), MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata(metadata))),
                oneQuestion,
                CallOptions.DEFAULT,
                ServerReflectionRequest.newBuilder().setListServices("").build());
    }

    private static StatusRuntimeException refused(Supplier<Iterator<?>> stream, Kind kind) {
        var failure = Harbour.failure(() -> stream.get().next());
        var problem = GrpcProblems.of(failure).orElseThrow();
        assertThat(problem.code()).isEqualTo("too-many-streams");
        assertThat(problem.kind()).isEqualTo(kind);
        return failure;
    }

    @Test
    void one_client_has_not_all_streams_whatever_its_connections_and_methods() throws Exception {
        try (var harbour = Harbour.open("--grpc.max-concurrent-streams=3", "--grpc.max-streams-per-client=2")) {
            var first = open(tide(harbour, "authorization", "Bearer ann"));
            var second = ShipServiceGrpc.newBlockingV2Stub(harbour.channel())
                    .withInterceptors(
                            MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata("authorization", "Bearer ann")))
                    .importCargo();
            second.write(ImportCargoRequest.newBuilder().setTons(1).build());
            Await.until("it is counted", () -> open(harbour) == 2);

            var failure = refused(tide(harbour, "authorization", "Bearer ann"), Kind.TOO_MANY);
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(Objects.requireNonNull(failure.getTrailers()).get(Keys.PUSHBACK))
                    .isEqualTo("10000");

            var others = open(tide(harbour, "authorization", "Bearer bob"));
            for (var stream : List.of(tide(harbour, "authorization", "Bearer cid"), health(harbour))) {
                var full = refused(stream, Kind.UNAVAILABLE);
                assertThat(full.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }
            assertThat(open(harbour)).isEqualTo(3);
            assertThat(harbour.ships("authorization", "Bearer ann")
                            .readShip(ChainTest.read(KNOWN.toString()))
                            .getName())
                    .as("a call is no stream")
                    .isEqualTo("Vasa");

            first.cancel(null);
            Await.until("its place is free", () -> open(harbour) == 2);
            open(tide(harbour, "authorization", "Bearer ann")).cancel(null);
            second.cancel("enough", null);
            others.cancel(null);
            Await.until("all places are free", () -> open(harbour) == 0);
        }
    }

    @Test
    void a_stranger_is_counted_by_address_as_trusted_proxies_tell_it_and_so_are_health_watches() throws Exception {
        try (var harbour = Harbour.open("--grpc.max-streams-per-client=1", "--limits.trusted-proxies=127.0.0.1,::1")) {
            var watch = open(health(harbour, "x-forwarded-for", "203.0.113.9"));

            for (var stream : List.of(
                    health(harbour, "x-forwarded-for", "203.0.113.9"),
                    reflection(harbour, "x-forwarded-for", "203.0.113.9"),
                    tide(harbour, "x-forwarded-for", "203.0.113.9"))) {
                assertThat(refused(stream, Kind.TOO_MANY).getStatus().getCode())
                        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            }
            open(health(harbour, "x-forwarded-for", "203.0.113.10")).cancel(null);
            open(tide(harbour, "x-forwarded-for", "203.0.113.9", "authorization", "Bearer ann"))
                    .cancel(null);
            Await.until("their places are free", () -> open(harbour) == 1);

            watch.cancel(null);
            Await.until("its place is free", () -> open(harbour) == 0);
            open(tide(harbour, "x-forwarded-for", "203.0.113.9")).cancel(null);
        }
    }

    /// Streams of all kinds, with messages that are right, empty, of any bytes or too large, and none; ended by the client's
    /// cancelling, deadline, half-close or connection.
    @Test
    void however_a_stream_ends_its_place_is_free() throws Exception {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        var methods = List.<MethodDescriptor<?, ?>>of(
                ShipServiceGrpc.getWatchTideMethod(),
                ShipServiceGrpc.getImportCargoMethod(),
                ShipServiceGrpc.getTrackCargoMethod(),
                HealthGrpc.getWatchMethod(),
                ServerReflectionGrpc.getServerReflectionInfoMethod());
        try (var harbour = Harbour.open("--grpc.max-streams-per-client=1000")) {
            var most = 0;
            for (var round = 0; round < 10; round++) {
                var channel = harbour.channel();
                var calls = new ArrayList<ClientCall<byte[], byte[]>>();
                for (var n = 0; n < 40; n++) {
                    calls.add(stream(channel, methods.get(random.nextInt(methods.size())), random));
                    most = Math.max(most, open(harbour));
                }
                for (var call : calls) {
                    if (random.nextBoolean()) {
                        call.cancel("enough", null);
                    }
                }
                channel.shutdownNow();
            }
            assertThat(most).as("seed %d", seed).isPositive();
            Await.until("all places are free, seed " + seed, () -> open(harbour) == 0);
        }
    }

    private static ClientCall<byte[], byte[]> stream(Channel channel, MethodDescriptor<?, ?> method, Random random) {
        var options = random.nextInt(3) == 0
                ? CallOptions.DEFAULT.withDeadlineAfter(1 + random.nextInt(30), TimeUnit.MILLISECONDS)
                : CallOptions.DEFAULT;
        var call = channel.newCall(method.toBuilder(new Bytes(), new Bytes()).build(), options);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.request(1 + random.nextInt(100));
        for (var messages = random.nextInt(4); messages > 0; messages--) {
            call.sendMessage(
                    switch (random.nextInt(8)) {
                        case 0 -> new byte[5_000_000];
                        case 1 -> {
                            var any = new byte[random.nextInt(40)];
                            random.nextBytes(any);
                            yield any;
                        }
                        case 2, 3 -> new byte[0];
                        default ->
                            WatchTideRequest.newBuilder()
                                    .setCount(1)
                                    .setSize(Harbour.ENDLESS)
                                    .build()
                                    .toByteArray();
                    });
        }
        if (random.nextBoolean()) {
            call.halfClose();
        }
        return call;
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try (stream) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
