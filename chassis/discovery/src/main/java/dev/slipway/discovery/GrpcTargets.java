package dev.slipway.discovery;

import io.grpc.CallOptions;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Tells a channel of grpc-java of the instances of one service, and with [#POLICY] picks them as [Targets] says.
///
/// ```java
/// var found = new GrpcTargets(discovery.service("inventory"));
/// GrpcClient.open(service, "inventory", settings.inventory(), meters, found, GrpcTargets.POLICY, …);
/// ```
///
/// The channel's target is `discovery:///` and the service's name. Only instances are picked to which the channel has a
/// connection, and that say they are healthy if the channel asks. An instance fails a call that ends with `UNAVAILABLE`,
/// `DEADLINE_EXCEEDED`, `INTERNAL`, `UNKNOWN` or `DATA_LOSS`; `CANCELLED` counts neither way. A stream is in flight as long
/// as it lasts. Thread-safe.
///
/// Needs grpc-api and grpc-services, which this module does not bring along.
public final class GrpcTargets extends NameResolverProvider {
    /// The load balancer to name in a channel's service config.
    public static final String POLICY = "slipway_targets";

    /// Sends calls to the instance of a key, by [Strategy#RING_HASH]: `stub.withOption(GrpcTargets.KEY, key)`.
    public static final CallOptions.Key<String> KEY = CallOptions.Key.create("discovery-key");

    private static final String SCHEME = "discovery";
    private static final int PRIORITY = 5;

    private final Targets targets;

    public GrpcTargets(Targets targets) {
        this.targets = targets;
    }

    /// Null for a target that is not the service's.
    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args channel) {
        return SCHEME.equals(target.getScheme()) && ("/" + targets.name()).equals(target.getPath())
                ? new TargetsResolver(targets, Objects.requireNonNull(channel.getOffloadExecutor()))
                : null;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }
}
