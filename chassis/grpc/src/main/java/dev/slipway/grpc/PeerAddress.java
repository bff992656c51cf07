package dev.slipway.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Writes down the address of who is connected, once for all calls of a connection.
final class PeerAddress extends ServerTransportFilter {
    private static final Attributes.Key<String> ADDRESS = Attributes.Key.create("peer address");

    @Override
    public Attributes transportReady(Attributes transport) {
        return transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress peer
                ? transport.toBuilder()
                        .set(ADDRESS, peer.getAddress().getHostAddress())
                        .build()
                : transport;
    }

    /// Empty if the connection has none.
    static Optional<String> of(ServerCall<?, ?> call) {
        return Optional.ofNullable(call.getAttributes().get(ADDRESS));
    }
}
