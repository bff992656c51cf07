package dev.slipway.grpc;

import dev.slipway.core.Assembly;
import dev.slipway.core.BindAddress;
import dev.slipway.core.Component;
import dev.slipway.core.StartException;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The gRPC side of a service: a server with the services that the wiring adds.
///
/// It also answers `grpc.health.v1`, which follows the service's readiness, and in development and tests reflection.
/// When it stops, clients are told to go elsewhere; streams end, but those in which the client sends may come to their end,
/// and so may the calls in flight.
///
/// A call is taken on when its message is there, or refused on a thread of the transport if there are too many; all else
/// happens on a virtual thread of the call's own, which is interrupted when the client goes or the deadline is over. An interrupt closes the socket that
/// the thread is reading from, a database connection for example.
public final class Grpc implements Component {
    private static final Duration KEEP_ALIVE_ANSWER = Duration.ofSeconds(20);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration START_INTERVAL = Duration.ofMillis(20);
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);
    /// How long a client may take for what it was sent at the end.
    private static final Duration LAST_FRAMES = Duration.ofMillis(500);
    /// A client that cancels more of its calls is sent away (CVE-2023-44487, "rapid reset").
    private static final int MOST_RESETS = 500;
    private static final int RESET_SECONDS = 10;

    private final Assembly service;
    private final GrpcSettings settings;
    private final ServerContext context;
    private final List<GrpcService> services = new ArrayList<>();
    private final HealthStatusManager health = new HealthStatusManager();
    private final LibraryStreams libraryStreams;
    private final CountDownLatch stopping = new CountDownLatch(1);
    /// What to run at the end.
    private final List<Runnable> open = new ArrayList<>();
    private volatile @Nullable Server server;

    private Grpc(Assembly service, GrpcSettings settings, ServerContext context) {
        this.service = service;
        this.settings = settings;
        this.context = context;
        this.libraryStreams = new LibraryStreams(context);
    }

    /// Adds a gRPC server to the service; it starts with it.
    public static Grpc open(ProtocolHost host, GrpcSettings settings) {
        var service = host.service();
        var meters = host.meters();
        var context = new ServerContext(
                service.name(),
                service.time(),
                settings,
                host.operations(),
                meters,
                new ConcurrencyLimit("grpc", settings.limit(), service.time(), meters),
                new StreamLimit(
                        "grpc.server.streams", settings.maxConcurrentStreams(), settings.streamsPerClient(), meters),
                new WaitingCalls(settings.maxConnections()),
                new OpenCalls(settings.tokenCheck(), service.time()),
                new HashedWheelTimer(new DefaultThreadFactory("grpc deadlines", true)));
        var grpc = new Grpc(service, settings, context);
        service.component("grpc", grpc);
        service.listens(grpc::bound);
        service.address("grpc", grpc::address);
        service.speaks("gRPC", "grpc", grpc.command());
        return grpc;
    }

    /// Adds services; one that has a method without an operation, an operation without a policy, or a message that does
    /// not fit its operation is refused, and the service does not start.
    public Grpc services(GrpcService... more) {
        for (var each : more) {
            each.mistakes().forEach(service::refuse);
            each.descriptions().forEach(context.operations()::check);
            if (services.stream().anyMatch(other -> other.name().equals(each.name()))) {
                service.refuse("two gRPC services are called " + each.name());
            }
            services.add(each);
        }
        return this;
    }

    /// What lists the services, where it needs no certificate.
    private Optional<String> command() {
        return hasReflection() && settings.tlsCertificate().isEmpty()
                ? Optional.of("grpcurl -plaintext {address} list")
                : Optional.empty();
    }

    private boolean hasReflection() {
        return service.environment().allowsDevelopmentAids();
    }

    /// Everything but the port: the transport is a large library, and the messages are bound.
    @Override
    public void prepare() {
        TransportLog.quiet();
        var tls = new ServerTls(settings.tlsCertificate(), settings.tlsKey(), settings.tlsClientCa());
        var limit = new ConnectionLimit(settings.maxConnections());
        var builder = NettyServerBuilder.forAddress(bound().socket(), tls.credentials(open))
                .channelFactory(limit::listener)
                .bossEventLoopGroup(EventLoops.one(open))
                .workerEventLoopGroup(EventLoops.all(open))
                .withOption(ChannelOption.SO_BACKLOG, 1024)
                // Every call gets a thread of its own as soon as it is complete.
                .directExecutor()
                .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(settings.maxMessageSize().intBytes())
                .maxInboundMetadataSize(settings.maxMetadataSize().intBytes())
                .maxConcurrentCallsPerConnection(settings.maxCallsPerConnection())
                .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(settings.permitKeepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(settings.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(settings.connectionGrace().toMillis(), TimeUnit.MILLISECONDS)
                .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
                .addStreamTracerFactory(new CallTracer.Factory())
                .addTransportFilter(new PeerAddress())
                .fallbackHandlerRegistry(new UnknownMethods(context))
                .addService(ServerInterceptors.intercept(health.getHealthService(), libraryStreams));
        var mistakes = new LinkedHashSet<String>();
        services.forEach(each -> builder.addService(definition(each, mistakes::add)));
        if (!mistakes.isEmpty()) {
            throw new StartException(List.copyOf(mistakes));
        }
        if (hasReflection()) {
            builder.addService(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), libraryStreams));
        }
        server = builder.build();
    }

    @Override
    public void start() {
        try {
            Objects.requireNonNull(server).start();
        } catch (IOException e) {
            throw bound().taken(reason(e), e);
        }
        context.openCalls().start();
        Thread.ofVirtual().name("grpc health").start(this::watchHealth);
    }

    private static String reason(IOException e) {
        return String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
    }

    private ServerServiceDefinition definition(GrpcService each, Consumer<String> refuse) {
        var methods = each.bind(refuse).stream()
                .map(binding ->
                        ServerMethodDefinition.create(Received.by(binding.method()), Method.of(context, binding)))
                .toList();
        var descriptor = ServiceDescriptor.newBuilder(each.name())
                .setSchemaDescriptor(each.descriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        var definition = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(definition::addMethod);
        return definition.build();
    }

    private void watchHealth() {
        try {
            var hasBeenReady = false;
            do {
                var ready = service.isReady();
                hasBeenReady |= ready;
                var status = ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
                health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
                services.forEach(each -> health.setStatus(each.name(), status));
            } while (!service.time().await(stopping, (hasBeenReady ? HEALTH_INTERVAL : START_INTERVAL).toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void beforeStop(Duration limit) {
        stopping.countDown();
        health.enterTerminalState();
    }

    @Override
    public void endIntake() {
        Objects.requireNonNull(server).shutdown();
        libraryStreams.endIntake();
        context.openCalls().endIntake();
    }

    /// The transport ends when its clients have taken all that they were sent, and only the work is waited for.
    @Override
    public void drain(Duration limit) throws InterruptedException {
        var end = service.time().nanoTime() + limit.toNanos();
        while (service.time().nanoTime() - end < 0 && !isTerminatedWithin(LOOK_INTERVAL)) {
            if (context.admission().inFlight() == 0 && !context.openCalls().hasStreams()) {
                return;
            }
        }
    }

    private boolean isTerminatedWithin(Duration time) throws InterruptedException {
        return Objects.requireNonNull(server).awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        context.openCalls().close();
        stopping.countDown();
        var now = server;
        if (now != null && now.isShutdown()) {
            try {
                isTerminatedWithin(LAST_FRAMES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (now != null) {
            now.shutdownNow();
        }
        open.forEach(Runnable::run);
        context.deadlines().stop();
    }

    private URI address() {
        return bound().uri(
                        "grpc",
                        Objects.requireNonNull(server, "the server has not started")
                                .getPort());
    }

    private BindAddress bound() {
        return BindAddress.of("grpc.", settings.host(), settings.port(), service.environment());
    }
}
