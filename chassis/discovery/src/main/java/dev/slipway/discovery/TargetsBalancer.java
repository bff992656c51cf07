package dev.slipway.discovery;

import static java.util.Objects.requireNonNull;

import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps a connection to each instance, and lets [Targets] choose among those that are ready. Called by one thread at a
/// time, but for the picker.
final class TargetsBalancer extends LoadBalancer {
    private final Helper channel;
    private final Map<String, Connection> connections = new HashMap<>();
    private @Nullable Targets targets;

    private static final class Connection {
        final Subchannel subchannel;
        ConnectivityStateInfo state = ConnectivityStateInfo.forNonError(ConnectivityState.CONNECTING);

        Connection(Subchannel subchannel) {
            this.subchannel = subchannel;
        }

        boolean is(ConnectivityState expected) {
            return state.getState() == expected;
        }
    }

    TargetsBalancer(Helper channel) {
        this.channel = channel;
    }

    @Override
    public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
        targets = requireNonNull(resolved.getAttributes().get(TargetsResolver.TARGETS), "not of a GrpcTargets");
        var gone = new HashSet<>(connections.keySet());
        for (var group : resolved.getAddresses()) {
            var address = requireNonNull(group.getAttributes().get(TargetsResolver.ADDRESS));
            gone.remove(address);
            var known = connections.get(address);
            if (known == null) {
                connections.put(address, connect(group));
            } else {
                known.subchannel.updateAddresses(List.of(group));
            }
        }
        gone.forEach(address ->
                requireNonNull(connections.remove(address)).subchannel.shutdown());
        update();
        return Status.OK;
    }

    private Connection connect(EquivalentAddressGroup group) {
        var subchannel = channel.createSubchannel(
                CreateSubchannelArgs.newBuilder().setAddresses(group).build());
        var connection = new Connection(subchannel);
        subchannel.start(state -> changed(connection, state));
        subchannel.requestConnection();
        return connection;
    }

    private void changed(Connection connection, ConnectivityStateInfo now) {
        var state = now.getState();
        if (state == ConnectivityState.SHUTDOWN) {
            return;
        }
        if (state == ConnectivityState.IDLE) {
            connection.subchannel.requestConnection();
        }
        if (state == ConnectivityState.IDLE || state == ConnectivityState.TRANSIENT_FAILURE) {
            channel.refreshNameResolution();
        }
        var triesAgain = state == ConnectivityState.IDLE || state == ConnectivityState.CONNECTING;
        if (!(triesAgain && connection.is(ConnectivityState.TRANSIENT_FAILURE))) {
            // One that failed is no reason to wait until it is ready.
            connection.state = triesAgain ? ConnectivityStateInfo.forNonError(ConnectivityState.CONNECTING) : now;
        }
        update();
    }

    private void update() {
        var ready = new HashMap<String, Subchannel>();
        connections.forEach((address, connection) -> {
            if (connection.is(ConnectivityState.READY)) {
                ready.put(address, connection.subchannel);
            }
        });
        var known = targets;
        if (known != null && !ready.isEmpty()) {
            channel.updateBalancingState(ConnectivityState.READY, new Picker(known, Map.copyOf(ready)));
        } else if (connections.values().stream().anyMatch(it -> it.is(ConnectivityState.CONNECTING))) {
            channel.updateBalancingState(
                    ConnectivityState.CONNECTING, new FixedResultPicker(PickResult.withNoResult()));
        } else {
            fail(connections.values().stream()
                    .findFirst()
                    .map(it -> it.state.getStatus())
                    .orElse(Status.UNAVAILABLE.withDescription("no instance is known")));
        }
    }

    private void fail(Status status) {
        channel.updateBalancingState(
                ConnectivityState.TRANSIENT_FAILURE, new FixedResultPicker(PickResult.withError(status)));
    }

    @Override
    public void handleNameResolutionError(Status error) {
        if (connections.isEmpty()) {
            fail(error);
        }
    }

    @Override
    public void shutdown() {
        connections.values().forEach(it -> it.subchannel.shutdown());
        connections.clear();
    }

    /// Never changed, only replaced.
    private static final class Picker extends SubchannelPicker {
        private final Targets targets;
        private final Map<String, Subchannel> ready;

        Picker(Targets targets, Map<String, Subchannel> ready) {
            this.targets = targets;
            this.ready = ready;
        }

        @Override
        public PickResult pickSubchannel(PickSubchannelArgs call) {
            var chosen = targets.choose(
                    call.getCallOptions().getOption(GrpcTargets.KEY), it -> ready.containsKey(it.address));
            // If there is none, the instances have changed and this picker is about to.
            return chosen == null
                    ? PickResult.withNoResult()
                    : PickResult.withSubchannel(requireNonNull(ready.get(chosen.address)), tracers(targets, chosen));
        }
    }

    /// The call begins with its stream: a pick that brings none, as the connection has just broken, is forgotten.
    private static ClientStreamTracer.Factory tracers(Targets targets, Upstream chosen) {
        return new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                return tracer(targets.begin(chosen));
            }
        };
    }

    private static ClientStreamTracer tracer(Pick pick) {
        return new ClientStreamTracer() {
            @Override
            public void streamClosed(Status status) {
                switch (status.getCode()) {
                    case UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, UNKNOWN, DATA_LOSS -> pick.failed();
                    case CANCELLED -> {}
                    case OK,
                            INVALID_ARGUMENT,
                            NOT_FOUND,
                            ALREADY_EXISTS,
                            PERMISSION_DENIED,
                            RESOURCE_EXHAUSTED,
                            FAILED_PRECONDITION,
                            ABORTED,
                            OUT_OF_RANGE,
                            UNIMPLEMENTED,
                            UNAUTHENTICATED -> pick.succeeded();
                }
                pick.close();
            }
        };
    }
}
