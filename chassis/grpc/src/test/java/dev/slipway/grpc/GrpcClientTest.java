package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static dev.slipway.grpc.Harbour.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.SettingsException;
import dev.slipway.core.TraceContext;
import dev.slipway.grpc.harbour.v1.CreateShipRequest;
import dev.slipway.grpc.harbour.v1.CreateShipResponse;
import dev.slipway.grpc.harbour.v1.ReadShipRequest;
import dev.slipway.grpc.harbour.v1.ReadShipResponse;
import dev.slipway.grpc.harbour.v1.RenameShipRequest;
import dev.slipway.grpc.harbour.v1.RenameShipResponse;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.testkit.Await;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Metadata;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcClientTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    private CallingService calling(String target, String... arguments) throws InterruptedException {
        return calling(Optional.empty(), target, arguments);
    }

    private CallingService calling(Optional<NameResolverProvider> resolver, String target, String... arguments)
            throws InterruptedException {
        var calling = CallingService.open(resolver, target, List.of(arguments));
        open.add(calling);
        return calling;
    }

    /// A server that is out of order: it says what it was asked, and refuses or answers late.
    private static final class Broken extends ShipServiceGrpc.ShipServiceImplBase implements ServerInterceptor {
        final AtomicInteger reads = new AtomicInteger();
        final AtomicInteger renames = new AtomicInteger();
        final AtomicInteger creates = new AtomicInteger();
        final List<Metadata> headers = new ArrayList<>();
        volatile int failures;
        volatile boolean firstReadHangs;

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata sent, ServerCallHandler<Q, R> next) {
            synchronized (headers) {
                headers.add(sent);
            }
            return next.startCall(call, sent);
        }

        private <R> void answer(int attempt, StreamObserver<R> out, R answer) {
            if (attempt <= failures) {
                out.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                out.onNext(answer);
                out.onCompleted();
            }
        }

        @Override
        public void readShip(ReadShipRequest request, StreamObserver<ReadShipResponse> out) {
            var attempt = reads.incrementAndGet();
            if (attempt > 1 || !firstReadHangs) {
                answer(attempt, out, ReadShipResponse.getDefaultInstance());
            }
        }

        @Override
        public void renameShip(RenameShipRequest request, StreamObserver<RenameShipResponse> out) {
            answer(renames.incrementAndGet(), out, RenameShipResponse.getDefaultInstance());
        }

        @Override
        public void createShip(CreateShipRequest request, StreamObserver<CreateShipResponse> out) {
            answer(creates.incrementAndGet(), out, CreateShipResponse.getDefaultInstance());
        }
    }

    private Server serve(Broken broken) throws Exception {
        var server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(broken)
                .intercept(broken)
                .build()
                .start();
        open.add(() -> server.shutdownNow().awaitTermination());
        return server;
    }

    private CallingService calling(Broken broken, String... arguments) throws Exception {
        return calling("localhost:" + serve(broken).getPort(), arguments);
    }

    @Test
    void all_series_are_there_from_the_start_at_zero() throws Exception {
        var fresh = calling(new Broken());

        for (var method : ShipServiceGrpc.getServiceDescriptor().getMethods()) {
            assertThat(fresh.meters()
                            .get("grpc.client.requests")
                            .tags("server", "harbour", "method", method.getFullMethodName())
                            .timers())
                    .extracting(timer -> timer.getId().getTag("status") + " " + timer.count())
                    .contains("OK 0", "UNAVAILABLE 0", "DEADLINE_EXCEEDED 0", "INTERNAL 0");
        }
    }

    @Test
    void a_read_is_tried_again() throws Exception {
        var broken = new Broken();
        broken.failures = 2;
        var calling = calling(broken, "--harbour.backoff=1ms");

        calling.ships().readShip(ReadShipRequest.getDefaultInstance());

        assertThat(broken.reads.get()).isEqualTo(3);
        assertThat(calling.meters()
                        .get("grpc.client.requests")
                        .tags("server", "harbour", "method", "slipway.harbour.v1.ShipService/ReadShip", "status", "OK")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_write_that_is_declared_idempotent_is_tried_again() throws Exception {
        var broken = new Broken();
        broken.failures = 2;

        calling(broken, "--harbour.backoff=1ms").ships().renameShip(RenameShipRequest.getDefaultInstance());

        assertThat(broken.renames.get()).isEqualTo(3);
    }

    @Test
    void a_write_is_never_tried_again() throws Exception {
        var broken = new Broken();
        broken.failures = 2;
        var ships = calling(broken, "--harbour.backoff=1ms", "--harbour.hedging-delay=1ms")
                .ships();

        var failure = failure(() -> ships.createShip(CreateShipRequest.getDefaultInstance()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(broken.creates.get()).isEqualTo(1);
    }

    @Test
    void a_write_with_an_idempotency_key_is_tried_again_with_it() throws Exception {
        var broken = new Broken();
        broken.failures = 2;
        var ships =
                calling(broken, "--harbour.backoff=1ms").ships().withOption(GrpcClient.IDEMPOTENCY_KEY, "order-1-ship");

        ships.createShip(CreateShipRequest.getDefaultInstance());

        assertThat(broken.creates.get()).isEqualTo(3);
        assertThat(broken.headers)
                .extracting(each -> each.get(Keys.IDEMPOTENCY_KEY))
                .containsOnly("order-1-ship");
    }

    @Test
    void nothing_is_tried_again_when_one_attempt_is_allowed() throws Exception {
        var broken = new Broken();
        broken.failures = 1;
        var ships = calling(broken, "--harbour.max-attempts=1").ships();

        failure(() -> ships.readShip(ReadShipRequest.getDefaultInstance()));
        failure(() ->
                ships.withOption(GrpcClient.IDEMPOTENCY_KEY, "k").createShip(CreateShipRequest.getDefaultInstance()));

        assertThat(broken.reads.get()).isEqualTo(1);
        assertThat(broken.creates.get()).isEqualTo(1);
    }

    @Test
    void retries_end_when_most_calls_fail() throws Exception {
        var broken = new Broken();
        broken.failures = Integer.MAX_VALUE;
        var ships = calling(broken, "--harbour.backoff=1ms").ships();

        for (var i = 0; i < 20; i++) {
            failure(() -> ships.readShip(ReadShipRequest.getDefaultInstance()));
        }

        assertThat(broken.reads.get()).as("20 calls and their retries").isLessThan(30);
    }

    @Test
    void a_read_that_hangs_is_sent_a_second_time_where_hedging_is_on() throws Exception {
        var broken = new Broken();
        broken.firstReadHangs = true;

        calling(broken, "--harbour.hedging-delay=10ms").ships().readShip(ReadShipRequest.getDefaultInstance());

        assertThat(broken.reads.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_call_ends_at_its_deadline() throws Exception {
        var broken = new Broken();
        broken.firstReadHangs = true;
        var ships = calling(broken, "--harbour.deadline=100ms").ships();

        var failure = failure(() -> ships.readShip(ReadShipRequest.getDefaultInstance()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void a_call_carries_what_is_known_of_the_call_that_is_served() throws Exception {
        try (var harbour = Harbour.open()) {
            var ships = calling("localhost:" + harbour.address().getPort()).ships();
            Await.until(
                    "is healthy",
                    () -> !ships.readShip(ChainTest.read(KNOWN.toString()))
                            .getName()
                            .isEmpty());
            var trace = new TraceContext("0123456789abcdef0123456789abcdef", "0123456789abcdef", true);

            var text = during(
                    trace,
                    Duration.ofSeconds(2),
                    () -> ships.runTask(ChainTest.task("context")).getText());
            assertThat(text).isEqualTo("runTask r-7 c-7 0123456789abcdef0123456789abcdef anonymous");
            var left = during(
                    trace,
                    Duration.ofSeconds(2),
                    () -> ships.runTask(ChainTest.task("deadline")).getText());
            assertThat(Long.parseLong(left)).isBetween(0L, 2_000L);
            assertThat(during(
                            trace,
                            Duration.ofSeconds(-1),
                            () -> failure(() -> ships.runTask(ChainTest.task("context")))
                                    .getStatus()
                                    .getCode()))
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(Long.parseLong(ships.runTask(ChainTest.task("deadline")).getText()))
                    .isBetween(2_001L, 5_000L);
            assertThat(ships.withOption(GrpcClient.TOKEN, "ann")
                            .runTask(ChainTest.task("context"))
                            .getText())
                    .endsWith(" ann");
        }
    }

    private static <T> T during(TraceContext trace, Duration left, ScopedValue.CallableOp<T, RuntimeException> work) {
        var context = new CallContext(
                "calling",
                "test",
                "r-7",
                trace,
                new Caller.Authenticated("eve", Optional.empty(), java.util.Set.of(), java.util.Set.of()),
                "",
                Optional.of(Instant.now().plus(left)),
                "c-7",
                Optional.of("m-7"));
        return ScopedValue.where(CallContext.CURRENT, context).call(work);
    }

    @Test
    void calls_are_spread_over_the_copies_that_a_resolver_finds() throws Exception {
        var copies = List.of(new Broken(), new Broken());
        var addresses = new ArrayList<InetSocketAddress>();
        for (var copy : copies) {
            addresses.add(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), serve(copy).getPort()));
        }
        var ships =
                calling(Optional.of(new Fixed(addresses)), "fixed:///harbour").ships();

        IntStream.range(0, 20).forEach(i -> ships.readShip(ReadShipRequest.getDefaultInstance()));

        assertThat(copies).allSatisfy(copy -> assertThat(copy.reads.get()).isGreaterThan(5));
    }

    @Test
    void a_copy_that_is_not_ready_gets_no_calls() throws Exception {
        try (var ready = Harbour.open();
                var unready = Harbour.open()) {
            unready.ledger.dependencyUp = false;
            var addresses = List.of(
                    new InetSocketAddress("localhost", ready.address().getPort()),
                    new InetSocketAddress("localhost", unready.address().getPort()));
            var ships = calling(Optional.of(new Fixed(addresses)), "fixed:///harbour")
                    .ships();
            Await.until("the ready one serves alone", () -> {
                var before = count(unready);
                IntStream.range(0, 10).forEach(i -> ships.readShip(ChainTest.read(KNOWN.toString())));
                return count(unready) == before;
            });
        }
    }

    private static long count(Harbour harbour) {
        return harbour.meters.find("grpc.server.requests").timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    /// Knows all copies.
    private static final class Fixed extends NameResolverProvider {
        private final List<InetSocketAddress> addresses;

        Fixed(List<InetSocketAddress> addresses) {
            this.addresses = addresses;
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        @Override
        protected int priority() {
            return 5;
        }

        @Override
        public String getDefaultScheme() {
            return "fixed";
        }

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args args) {
            return new NameResolver() {
                @Override
                public String getServiceAuthority() {
                    return "harbour";
                }

                @Override
                public void start(Listener2 listener) {
                    listener.onResult(ResolutionResult.newBuilder()
                            .setAddressesOrError(StatusOr.fromValue(addresses.stream()
                                    .map(address -> new EquivalentAddressGroup(address, Attributes.EMPTY))
                                    .toList()))
                            .build());
                }

                @Override
                public void shutdown() {}
            };
        }
    }

    @Test
    void certificates_without_tls_are_a_mistake() {
        assertThatThrownBy(() -> calling("localhost:1", "--harbour.tls-ca=ca.pem"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("need tls: true");
    }
}
