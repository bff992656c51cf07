package dev.slipway.shop.user.profile;

import dev.slipway.operation.Page;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.Like;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Write;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The profiles in PostgreSQL. E-mail addresses are unique. Thread-safe.
public final class Profiles {
    private static final String COLUMNS = "id, email, display_name, locale, status, version, created_at, updated_at";
    private static final String CURRENT_VERSION = "select version from profiles where id = :id";
    private static final String UNIQUE_EMAIL = "profiles_email_key";

    private final Database database;
    private final Clock clock;

    public Profiles(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Write.Unique<Profile> create(ProfileInput input) {
        return Write.unique(
                UNIQUE_EMAIL,
                () -> database.write(sql -> sql.query("""
                        insert into profiles (email, display_name, locale, status, created_at, updated_at)
                        values (:email, :displayName, :locale, :status, :now, :now)
                        returning %s
                        """.formatted(COLUMNS))
                        .bind("email", input.normalisedEmail())
                        .bind("displayName", input.displayName())
                        .bind("locale", input.localeOrDefault())
                        .bind("status", input.statusOrDefault())
                        .bind("now", clock.instant())
                        .map(Profiles::profile)
                        .one()));
    }

    Optional<Profile> find(UUID id) {
        return database.read(sql -> sql.query("select " + COLUMNS + " from profiles where id = :id")
                .bind("id", id)
                .map(Profiles::profile)
                .findOne());
    }

    Page<Profile> list(ListProfiles.Query query) {
        return database.read(sql -> sql.page("select " + COLUMNS + """
                         from profiles
                        where (:email::text is null or email = :email)
                          and (:status::text is null or status = :status)
                          and (:search::text is null or display_name ilike :search)""", query.part())
                .bind("email", query.normalisedEmail())
                .bind("status", query.status())
                .bind("search", Like.containing(query.search()))
                .map(Profiles::profile));
    }

    /// @param expected the version that the client has seen; empty for any
    Write.UniqueVersioned<Profile> change(UUID id, OptionalLong expected, ProfileInput input) {
        return Write.uniqueVersioned(
                UNIQUE_EMAIL,
                () -> database.write(sql -> sql.query("""
                        update profiles
                        set email = :email, display_name = :displayName, locale = :locale, status = :status,
                            updated_at = greatest(:now, updated_at), version = version + 1
                        where id = :id and (:expected::bigint is null or version = :expected)
                        returning %s
                        """.formatted(COLUMNS))
                        .bind("id", id)
                        .bind("expected", expected)
                        .bind("email", input.normalisedEmail())
                        .bind("displayName", input.displayName())
                        .bind("locale", input.localeOrDefault())
                        .bind("status", input.statusOrDefault())
                        .bind("now", clock.instant())
                        .map(Profiles::profile)
                        .versioned(CURRENT_VERSION)));
    }

    /// @param expected the version that the client has seen; empty for any
    Write.Versioned<Profile> delete(UUID id, OptionalLong expected) {
        return database.write(sql -> sql.query("""
                        delete from profiles
                        where id = :id and (:expected::bigint is null or version = :expected)
                        returning %s
                        """.formatted(COLUMNS))
                .bind("id", id)
                .bind("expected", expected)
                .map(Profiles::profile)
                .versioned(CURRENT_VERSION));
    }

    private static Profile profile(Row row) {
        return new Profile(
                row.uuid("id"),
                row.text("email"),
                row.text("display_name"),
                row.text("locale"),
                row.constant("status", Profile.Status.class),
                row.bigint("version"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
