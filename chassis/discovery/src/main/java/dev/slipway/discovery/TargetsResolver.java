package dev.slipway.discovery;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Tells one channel of the instances, at once and after each change.
final class TargetsResolver extends NameResolver {
    static final Attributes.Key<Targets> TARGETS = Attributes.Key.create("targets");

    /// [Instance#address] of a group.
    static final Attributes.Key<String> ADDRESS = Attributes.Key.create("address");

    private final Targets targets;
    private final Executor lookups;
    private @Nullable Listener2 listener;
    private Targets.@Nullable Watch watch;

    /// @param lookups where hosts are looked up, which may take a while
    TargetsResolver(Targets targets, Executor lookups) {
        this.targets = targets;
        this.lookups = lookups;
    }

    @Override
    public String getServiceAuthority() {
        return targets.name();
    }

    @Override
    public void start(Listener2 channel) {
        listener = channel;
        watch = targets.watch(change -> refresh());
    }

    @Override
    public void refresh() {
        lookups.execute(this::tell);
    }

    /// What is known now, so that the last telling is of the last change.
    private synchronized void tell() {
        var channel = listener;
        if (channel != null) {
            var groups =
                    targets.instances().stream().map(TargetsResolver::group).toList();
            channel.onResult(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(groups))
                    .setAttributes(Attributes.newBuilder().set(TARGETS, targets).build())
                    .build());
        }
    }

    private static EquivalentAddressGroup group(Instance instance) {
        return new EquivalentAddressGroup(
                new InetSocketAddress(instance.host(), instance.port()),
                Attributes.newBuilder().set(ADDRESS, instance.address()).build());
    }

    @Override
    public void shutdown() {
        var watching = watch;
        if (watching != null) {
            watching.close();
        }
    }
}
