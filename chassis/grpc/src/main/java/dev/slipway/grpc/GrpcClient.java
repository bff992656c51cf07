package dev.slipway.grpc;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.StartException;
import dev.slipway.core.Use;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.ServiceDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Calls another service by gRPC: the generated stubs take its [#channel].
///
/// A call ends at the latest when the call that is being served has to, carries that call's request id and trace, and
/// is spread over all healthy copies of the service, by turns unless the wiring says otherwise. The token of whoever calls this service is not passed on.
///
/// A call that cannot reach the service is tried again only if that can do no harm: its method is declared
/// `NO_SIDE_EFFECTS` or `IDEMPOTENT` in the proto file, or the call carries an [idempotency key][#IDEMPOTENCY_KEY].
/// Only the former are hedged. Thread-safe once the service has started.
public final class GrpcClient implements Component {
    /// Makes a write repeatable: `stub.withOption(GrpcClient.IDEMPOTENCY_KEY, key)`. A service of this chassis refuses
    /// the key where it would change nothing.
    public static final CallOptions.Key<String> IDEMPOTENCY_KEY = CallOptions.Key.create("idempotency-key");

    /// An access token to send, without `Bearer`.
    public static final CallOptions.Key<String> TOKEN = CallOptions.Key.create("token");

    private static final String BY_TURNS = "round_robin";

    private final GrpcClientSettings settings;
    private final List<ServiceDescriptor> services;
    private final NameResolverRegistry resolvers;
    private final Retries retries;
    private final Channel channel;
    private volatile @Nullable Running running;

    /// What exists while the service runs. A channel connects with its first call, so the second costs nothing before
    /// a call carries a key.
    private record Running(
            ManagedChannel declared, ManagedChannel keyed, ExecutorService callbacks, List<Runnable> open) {}

    private GrpcClient(
            Assembly service,
            String server,
            GrpcClientSettings settings,
            MeterRegistry meters,
            List<ServiceDescriptor> services,
            NameResolverRegistry resolvers,
            String policy) {
        this.settings = settings;
        this.services = services;
        this.resolvers = resolvers;
        this.retries = new Retries(settings, policy);
        Map<String, MethodMetrics> metrics = new ConcurrentHashMap<>();
        services.forEach(each -> each.getMethods()
                .forEach(method -> metrics.put(
                        method.getFullMethodName(),
                        MethodMetrics.ofClient(meters, server, method.getFullMethodName()))));
        this.channel = new CallingChannel(
                () -> running().declared(),
                () -> running().keyed(),
                settings.deadline(),
                service.time(),
                method -> metrics.computeIfAbsent(method, name -> MethodMetrics.ofClient(meters, server, name)));
    }

    /// Adds a client to the service; it can be used once the service has started.
    ///
    /// @param server what this service calls the other one, for example `orders`
    /// @param services what is called there; only their methods are tried again
    public static GrpcClient open(
            Assembly service,
            String server,
            GrpcClientSettings settings,
            MeterRegistry meters,
            ServiceDescriptor... services) {
        var resolvers = NameResolverRegistry.getDefaultRegistry();
        return new GrpcClient(service, server, settings, meters, List.of(services), resolvers, BY_TURNS)
                .addTo(service, server);
    }

    /// The same with another way to find the copies of the service and to spread the calls; the target's scheme is the
    /// resolver's.
    ///
    /// @param policy a load balancer that grpc-java knows by this name, for example `round_robin`
    public static GrpcClient open(
            Assembly service,
            String server,
            GrpcClientSettings settings,
            MeterRegistry meters,
            NameResolverProvider resolver,
            String policy,
            ServiceDescriptor... services) {
        var resolvers = new NameResolverRegistry();
        resolvers.register(resolver);
        return new GrpcClient(service, server, settings, meters, List.of(services), resolvers, policy)
                .addTo(service, server);
    }

    private GrpcClient addTo(Assembly service, String server) {
        service.uses(Use.Kind.CALL, server, "grpc");
        service.component("grpc client of " + server, this);
        return this;
    }

    /// For generated stubs: `UserServiceGrpc.newBlockingStub(client.channel())`.
    public Channel channel() {
        return channel;
    }

    private Running running() {
        var now = running;
        if (now == null) {
            throw new IllegalStateException("the client has not started");
        }
        return now;
    }

    @Override
    public void start() {
        var open = new ArrayList<Runnable>();
        var callbacks = Executors.newVirtualThreadPerTaskExecutor();
        var credentials = credentials(open);
        running = new Running(
                connect(credentials, retries.ofDeclared(services), callbacks),
                connect(credentials, retries.ofAll(), callbacks),
                callbacks,
                open);
    }

    private ManagedChannel connect(ChannelCredentials credentials, Map<String, ?> config, ExecutorService callbacks) {
        var builder = io.grpc.Grpc.newChannelBuilder(settings.target(), credentials, resolvers)
                .defaultServiceConfig(config)
                .disableServiceConfigLookUp()
                .enableRetry()
                .executor(callbacks)
                .maxInboundMessageSize(settings.maxMessageSize().intBytes())
                .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS);
        settings.tlsName().ifPresent(builder::overrideAuthority);
        return builder.build();
    }

    private ChannelCredentials credentials(List<Runnable> open) {
        if (!settings.tls()) {
            return InsecureChannelCredentials.create();
        }
        try {
            var tls = TlsChannelCredentials.newBuilder();
            if (settings.tlsCa().isPresent()) {
                tls.trustManager(Certificates.trust(
                        settings.tlsCa().get(), Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION, open));
            }
            if (settings.tlsCertificate().isPresent() && settings.tlsKey().isPresent()) {
                tls.keyManager(Certificates.identity(
                        settings.tlsCertificate().get(), settings.tlsKey().get(), open));
            }
            return tls.build();
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException(
                    "the files of tls-ca, tls-certificate and tls-key cannot be used: " + e.getMessage(), e);
        }
    }

    /// Whoever calls has drained by now: what is still open, a stream from the other service for example, is of no more use.
    @Override
    public void close() {
        var now = running;
        if (now != null) {
            now.declared().shutdownNow();
            now.keyed().shutdownNow();
            now.callbacks().shutdown();
            now.open().forEach(Runnable::run);
        }
    }
}
