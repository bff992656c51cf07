package dev.slipway.grpc;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.slipway.core.Assembly;
import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Health;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.Time;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc.ShipServiceBlockingStub;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.operation.Items;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.operation.Streaming;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.Policy;
import dev.slipway.security.RateLimits;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.CapturedLog;
import dev.slipway.testkit.NoInfrastructure;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A service of ships, and clients for it. A token `x` stands for the subject `x`.
final class Harbour implements AutoCloseable {
    static final UUID KNOWN = UUID.fromString("0198f1d2-0000-7000-8000-000000000001");
    /// The size of a tide that is watched without end.
    static final int ENDLESS = 7;

    static final Parameter<UUID> ID = Parameter.uuid("id", "Which ship.");

    record Sections(LimitSettings limits, GrpcSettings grpc) {}

    record Ship(UUID id, String name) {}

    record NewShip(@NotBlank String name, @Min(1) int tons) {}

    record Name(@NotBlank String name) {
        Name {
            if (name.equals("Titanic")) {
                throw new IllegalArgumentException("that name brings bad luck");
            }
        }
    }

    record Task(String task) {}

    record Tide(int count, int size) {}

    record Level(int level, byte[] padding) {}

    record Berth(UUID id) {}

    record Piece(@Min(1) int tons) {}

    record Sum(int pieces, long tons) {}

    /// What the handlers saw.
    static final class Ledger {
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicInteger created = new AtomicInteger();
        final AtomicLong emitted = new AtomicLong();
        final AtomicLong taken = new AtomicLong();
        volatile boolean dependencyUp = true;
        volatile boolean tokensExpired;
    }

    final Ledger ledger = new Ledger();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RunningService service;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final CapturedLog log;

    private Harbour(Time time, Consumer<Grpc> wiring, String... arguments) {
        var definition = new ServiceDefinition<>("harbour", Sections.class) {
            @Override
            public void assemble(Assembly assembly, Sections settings) {
                assembly.health(
                        "lighthouse", () -> ledger.dependencyUp ? new Health.Up("bright") : new Health.Down("dark"));
                var kept = new InMemoryIdempotency(assembly.clock());
                var operations = Operations.open(
                                assembly, authorization -> authenticate(authorization, ledger.tokensExpired))
                        .limits(RateLimits.open(assembly, settings.limits(), meters))
                        .transactions(kept)
                        .idempotency(kept, Duration.ofHours(1));
                wiring.accept(Grpc.open(ProtocolHost.of(assembly, meters, operations), settings.grpc())
                        .services(ships(ledger)));
            }
        };
        var all =
                new ArrayList<>(List.of("--service.environment=test", "--service.management-port=0", "--grpc.port=0"));
        all.addAll(List.of(arguments));
        service = Slipway.start(
                definition, SettingsSources.ofArguments(definition, all), time, new Random(1), new NoInfrastructure());
        Await.ready(service);
        log = CapturedLog.ofAll();
    }

    static Harbour open(String... arguments) {
        return openBy(Time.system(), arguments);
    }

    static Harbour openBy(Time time, String... arguments) {
        return new Harbour(time, grpc -> {}, arguments);
    }

    /// With one more service, which may be wrong.
    static Harbour with(GrpcService more) {
        return new Harbour(Time.system(), grpc -> grpc.services(more));
    }

    /// Messages as the bytes that they are; what comes in is not looked at.
    static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    };

    private static Caller authenticate(List<String> authorization, boolean expired) {
        if (authorization.isEmpty()) {
            return new Caller.Anonymous();
        }
        if (expired || authorization.size() > 1 || authorization.getFirst().equals("Bearer bad")) {
            throw Problem.of(Kind.UNAUTHENTICATED, "invalid-token", "The token is not valid.")
                    .asException();
        }
        return new Caller.Authenticated(
                authorization.getFirst().replace("Bearer ", ""), Optional.empty(), Set.of(), Set.of());
    }

    static GrpcService ships(Ledger ledger) {
        var read = Operation.named("readShip", "Reads one ship.")
                .on(ID)
                .output(Ship.class)
                .policy(Policy.anyone())
                .read(call -> call.get(ID).equals(KNOWN)
                        ? Outcome.done(new Ship(KNOWN, "Vasa")).version(3)
                        : Outcome.refused(Problem.notFound("There is no such ship.")));
        var create = Operation.named("createShip", "Takes in a ship.")
                .input(NewShip.class)
                .output(Berth.class)
                .policy(Policy.authenticated())
                .idempotent()
                .handle(call -> {
                    ledger.created.incrementAndGet();
                    return Outcome.done(new Berth(KNOWN));
                });
        var rename = Operation.named("renameShip", "Gives a ship another name.")
                .on(ID)
                .input(Name.class)
                .policy(Policy.subjectIs("id").or(Policy.authenticated()))
                .conditional()
                .handle(call -> call.expectedVersion().orElse(3) == 3
                        ? Outcome.done().version(4)
                        : Outcome.refused(Problem.stale()));
        var task = Operation.named("runTask", "Does what its text says.")
                .input(Task.class)
                .output(String.class)
                .policy(Policy.anyone())
                .handle(call -> run(call.input().task(), ledger));
        var watch = Streaming.named("watchTide", "Counts up.")
                .input(Tide.class)
                .output(Level.class)
                .policy(Policy.anyone())
                .handle((call, out) -> {
                    ledger.started.countDown();
                    try {
                        for (var i = 1; i <= call.input().count(); i++) {
                            out.send(new Level(i, new byte[1024]));
                            ledger.emitted.incrementAndGet();
                        }
                        if (call.input().size() == ENDLESS) {
                            new CountDownLatch(1).await();
                        }
                    } catch (InterruptedException e) {
                        ledger.interrupted.countDown();
                        throw e;
                    }
                    if (call.input().size() == 13) {
                        throw Problem.of(Kind.CONFLICT, "spring-tide", "The tide is too high.")
                                .asException();
                    }
                });
        var load = Streaming.named("importCargo", "Adds up what arrives.")
                .items(Piece.class)
                .output(Sum.class)
                .policy(Policy.authenticated())
                .handle((call, out) -> sum(call.input(), out::send, ledger));
        var track = Streaming.named("trackCargo", "Says what has arrived.")
                .items(Piece.class)
                .output(Sum.class)
                .policy(Policy.anyone())
                .handle((call, out) -> sum(call.input(), out::send, ledger));
        return GrpcService.of(ShipServiceGrpc.getServiceDescriptor())
                .operations(read, create, rename, task)
                .streams(watch, load, track);
    }

    private interface Sums {
        void send(Sum sum) throws InterruptedException;
    }

    private static void sum(Items<Piece> items, Sums out, Ledger ledger) throws InterruptedException {
        var pieces = 0;
        var tons = 0L;
        try {
            for (var next = items.next(); next.isPresent(); next = items.next()) {
                ledger.taken.incrementAndGet();
                tons += next.get().tons();
                out.send(new Sum(++pieces, tons));
                if (next.get().tons() == 1313) {
                    ledger.started.countDown();
                    ledger.go.await();
                }
            }
        } catch (InterruptedException e) {
            ledger.interrupted.countDown();
            throw e;
        }
    }

    private static Outcome<String> run(String task, Ledger ledger) throws InterruptedException {
        var context = CallContext.CURRENT.get();
        return switch (task) {
            case "fail" -> throw new IllegalStateException("secret detail of a table");
            case "context" ->
                Outcome.done("%s %s %s %s %s"
                        .formatted(
                                context.operation(),
                                context.requestId(),
                                context.correlationId(),
                                context.trace().traceId(),
                                context.caller().id()));
            case "deadline" ->
                Outcome.done(String.valueOf(java.time.Duration.between(
                                java.time.Instant.now(), context.deadline().orElseThrow())
                        .toMillis()));
            case "block" -> {
                ledger.started.countDown();
                try {
                    ledger.go.await();
                } catch (InterruptedException e) {
                    ledger.interrupted.countDown();
                    throw e;
                }
                yield Outcome.done("went on");
            }
            case "busy" ->
                Outcome.refused(Problem.of(Kind.TOO_MANY, "too-busy", "Come back later.")
                        .retryAfter(java.time.Duration.ofMillis(1500)));
            case "down" -> {
                ledger.created.incrementAndGet();
                yield Outcome.refused(Problem.of(Kind.UNAVAILABLE, "crane-broken", "The crane is broken."));
            }
            default -> Outcome.refused(Problem.of(Kind.valueOf(task), "of-a-kind", "As you asked."));
        };
    }

    URI address() {
        return service.address("grpc");
    }

    RunningService service() {
        return service;
    }

    /// Refuses keep-alive and retries nothing.
    ManagedChannel channel() {
        return channel(
                NettyChannelBuilder.forAddress("localhost", address().getPort()).usePlaintext());
    }

    ManagedChannel channel(NettyChannelBuilder builder) {
        var channel = builder.disableRetry().build();
        channels.add(channel);
        return channel;
    }

    /// Blocking calls; each pair of texts is a key and its value of the metadata.
    ShipServiceBlockingStub ships(String... metadata) {
        return ShipServiceGrpc.newBlockingStub(channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(metadata)));
    }

    static Metadata metadata(String... pairs) {
        var metadata = new Metadata();
        for (var i = 0; i < pairs.length; i += 2) {
            metadata.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
        }
        return metadata;
    }

    /// The problem that a call is refused with.
    static Problem problem(Runnable call) {
        return GrpcProblems.of(failure(call)).orElseThrow();
    }

    static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call was not refused");
    }

    List<ILoggingEvent> logged(String logger) {
        return log.events(logger);
    }

    /// What somebody should look at.
    List<ILoggingEvent> warnings() {
        return log.events().stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.WARN))
                .toList();
    }

    /// What was logged with a stack, by whomever.
    List<String> stacks() {
        return warnings().stream()
                .filter(event -> event.getThrowableProxy() != null)
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + event.getThrowableProxy().getMessage())
                .toList();
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        service.close();
        log.close();
    }
}
