package dev.slipway.shop.user.profile;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;

/// What can be done with profiles, whatever the protocol.
public record ProfileOperations(
        Operation<ProfileInput, Profile> create,
        Operation<Nothing, Profile> read,
        Operation<ListProfiles.Query, Page<Profile>> list,
        Operation<ProfileInput, Profile> change,
        Operation<Nothing, Nothing> delete) {

    public static ProfileOperations of(Profiles profiles) {
        return new ProfileOperations(
                CreateProfile.operation(profiles),
                ReadProfile.operation(profiles),
                ListProfiles.operation(profiles),
                ChangeProfile.operation(profiles),
                DeleteProfile.operation(profiles));
    }
}
