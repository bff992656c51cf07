package dev.slipway.infra;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What an embedded server keeps, and where.
///
/// @param home folder of this user for programs, locks and ephemeral data; shared by all who name the same one.
///     As root it must be reachable by the user `nobody`, because PostgreSQL refuses to run as root.
/// @param keep folder for the data; null for data that is deleted when the last user of the server has left
public record InfraOptions(Path home, @Nullable Path keep) {

    public InfraOptions {
        home = home.toAbsolutePath().normalize();
        keep = keep == null ? null : keep.toAbsolutePath().normalize();
    }

    /// One server for all services and tests of this user, its data gone when the last of them ends.
    public static InfraOptions ephemeral() {
        return new InfraOptions(Home.ofThisUser(), null);
    }

    /// A server whose data survives in `folder`; those who name the same folder share the server.
    public static InfraOptions kept(Path folder) {
        return new InfraOptions(Home.ofThisUser(), folder);
    }
}
