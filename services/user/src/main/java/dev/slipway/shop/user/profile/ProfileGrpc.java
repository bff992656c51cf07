package dev.slipway.shop.user.profile;

import dev.slipway.grpc.GrpcService;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;

/// Profiles by gRPC, as `api/proto` says.
public final class ProfileGrpc {
    private ProfileGrpc() {}

    public static GrpcService of(ProfileOperations profiles) {
        return GrpcService.of(ProfileServiceGrpc.getServiceDescriptor())
                .operations(profiles.create(), profiles.read(), profiles.list(), profiles.change(), profiles.delete());
    }
}
