package dev.slipway.shop.user.profile;

import dev.slipway.grpc.Arguments;
import dev.slipway.grpc.GrpcService;
import dev.slipway.grpc.Messages;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Page;
import org.jspecify.annotations.Nullable;
import proto.dev.slipway.shop.user.v1.ChangeProfileRequest;
import proto.dev.slipway.shop.user.v1.ChangeProfileResponse;
import proto.dev.slipway.shop.user.v1.CreateProfileResponse;
import proto.dev.slipway.shop.user.v1.DeleteProfileRequest;
import proto.dev.slipway.shop.user.v1.DeleteProfileResponse;
import proto.dev.slipway.shop.user.v1.ListProfilesRequest;
import proto.dev.slipway.shop.user.v1.ListProfilesResponse;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;
import proto.dev.slipway.shop.user.v1.ReadProfileResponse;
import proto.dev.slipway.shop.user.v1.Sort;
import proto.dev.slipway.shop.user.v1.Status;

/// Profiles by gRPC, as `api/proto` says.
public final class ProfileGrpc {
    private ProfileGrpc() {}

    public static GrpcService of(ProfileOperations profiles) {
        return GrpcService.of(ProfileServiceGrpc.getServiceDescriptor())
                .unary(
                        ProfileServiceGrpc.getCreateProfileMethod(),
                        profiles.create(),
                        request -> Arguments.none().input(() -> input(request.getProfile())),
                        done -> CreateProfileResponse.newBuilder()
                                .setProfile(message(done.value()))
                                .build())
                .unary(
                        ProfileServiceGrpc.getReadProfileMethod(),
                        profiles.read(),
                        request -> Arguments.on("id", request.getId()),
                        done -> ReadProfileResponse.newBuilder()
                                .setProfile(message(done.value()))
                                .build())
                .unary(
                        ProfileServiceGrpc.getListProfilesMethod(),
                        profiles.list(),
                        request -> Arguments.none().input(() -> query(request)),
                        done -> page(done.value()))
                .unary(
                        ProfileServiceGrpc.getChangeProfileMethod(),
                        profiles.change(),
                        ProfileGrpc::change,
                        done -> ChangeProfileResponse.newBuilder()
                                .setProfile(message(done.value()))
                                .build())
                .unary(
                        ProfileServiceGrpc.getDeleteProfileMethod(),
                        profiles.delete(),
                        ProfileGrpc::delete,
                        done -> DeleteProfileResponse.getDefaultInstance());
    }

    private static Arguments<ProfileInput> change(ChangeProfileRequest request) {
        var arguments = Arguments.on("id", request.getId()).input(() -> input(request.getProfile()));
        return request.hasExpectedVersion() ? arguments.version(request.getExpectedVersion()) : arguments;
    }

    private static Arguments<Nothing> delete(DeleteProfileRequest request) {
        var arguments = Arguments.on("id", request.getId());
        return request.hasExpectedVersion() ? arguments.version(request.getExpectedVersion()) : arguments;
    }

    private static ProfileInput input(proto.dev.slipway.shop.user.v1.ProfileInput input) {
        return new ProfileInput(
                input.getEmail(),
                input.getDisplayName(),
                input.hasLocale() ? input.getLocale() : null,
                status(input.getStatus()));
    }

    private static ListProfiles.Query query(ListProfilesRequest request) {
        return new ListProfiles.Query(
                request.hasEmail() ? request.getEmail() : null,
                status(request.getStatus()),
                request.hasSearch() ? request.getSearch() : null,
                sort(request.getSort()),
                request.hasLimit() ? request.getLimit() : null,
                request.hasCursor() ? request.getCursor() : null);
    }

    private static Profile.@Nullable Status status(Status status) {
        return switch (status) {
            case STATUS_UNSPECIFIED -> null;
            case STATUS_ACTIVE -> Profile.Status.ACTIVE;
            case STATUS_SUSPENDED -> Profile.Status.SUSPENDED;
            case UNRECOGNIZED -> throw new IllegalArgumentException("that status is not known here");
        };
    }

    private static ListProfiles.@Nullable Sort sort(Sort sort) {
        return switch (sort) {
            case SORT_UNSPECIFIED -> null;
            case SORT_NAME -> ListProfiles.Sort.NAME;
            case SORT_NAME_DESCENDING -> ListProfiles.Sort.NAME_DESCENDING;
            case SORT_CREATED -> ListProfiles.Sort.CREATED;
            case SORT_CREATED_DESCENDING -> ListProfiles.Sort.CREATED_DESCENDING;
            case UNRECOGNIZED -> throw new IllegalArgumentException("that order is not known here");
        };
    }

    private static ListProfilesResponse page(Page<Profile> page) {
        var response = ListProfilesResponse.newBuilder();
        page.items().forEach(profile -> response.addItems(message(profile)));
        page.next().ifPresent(response::setNext);
        return response.build();
    }

    private static proto.dev.slipway.shop.user.v1.Profile message(Profile profile) {
        return proto.dev.slipway.shop.user.v1.Profile.newBuilder()
                .setId(profile.id().toString())
                .setEmail(profile.email())
                .setDisplayName(profile.displayName())
                .setLocale(profile.locale())
                .setStatus(
                        switch (profile.status()) {
                            case ACTIVE -> Status.STATUS_ACTIVE;
                            case SUSPENDED -> Status.STATUS_SUSPENDED;
                        })
                .setVersion(profile.version())
                .setCreatedAt(Messages.timestamp(profile.createdAt()))
                .setUpdatedAt(Messages.timestamp(profile.updatedAt()))
                .build();
    }
}
