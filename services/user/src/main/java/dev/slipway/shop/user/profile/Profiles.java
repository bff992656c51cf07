package dev.slipway.shop.user.profile;

import dev.slipway.operation.Cursor;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.DatabaseException.ConstraintViolated;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Versioned;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The profiles in PostgreSQL. E-mail addresses are unique. Thread-safe.
public final class Profiles {
    private static final String COLUMNS = "id, email, display_name, locale, status, version, created_at, updated_at";
    private static final String CURRENT_VERSION = "select version from profiles where id = :id";
    private static final String UNIQUE_EMAIL = "profiles_email_key";

    private final Database database;
    private final Clock clock;

    sealed interface Creation permits Created, EmailTaken {}

    sealed interface Change permits Changed, EmailTaken, Stale, Missing {}

    sealed interface Deletion permits Deleted, Stale, Missing {}

    record Created(Profile profile) implements Creation {}

    record Changed(Profile profile) implements Change {}

    record Deleted() implements Deletion {}

    record EmailTaken() implements Creation, Change {}

    /// The profile has changed since the client saw it.
    record Stale() implements Change, Deletion {}

    record Missing() implements Change, Deletion {}

    public Profiles(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Creation create(ProfileInput input) {
        try {
            return new Created(database.write(sql -> sql.query("""
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
        } catch (ConstraintViolated e) {
            return emailTaken(e);
        }
    }

    Optional<Profile> find(UUID id) {
        return database.read(sql -> sql.query("select " + COLUMNS + " from profiles where id = :id")
                .bind("id", id)
                .map(Profiles::profile)
                .findOne());
    }

    /// Up to one more than the size of the page, in its order, after the cursor.
    List<Profile> list(ListProfiles.Query query, Optional<Cursor> after) {
        var text = "select " + COLUMNS + " from profiles"
                + " where (:email::text is null or email = :email)"
                + " and (:status::text is null or status = :status)"
                + " and (:search::text is null or display_name ilike :search)"
                + after.map(cursor -> " and " + query.order().following()).orElse("")
                + " order by " + query.order().order() + " limit :rows";
        return database.read(sql -> {
            var select = sql.query(text)
                    .bind("email", query.normalisedEmail())
                    .bind("status", Optional.ofNullable(query.status()))
                    .bind("search", query.searchPattern())
                    .bind("rows", query.size() + 1);
            after.ifPresent(cursor -> select.bind("value", cursor.values().getFirst())
                    .bind("id", cursor.values().getLast()));
            return select.map(Profiles::profile).list();
        });
    }

    /// @param expected the version that the client has seen; empty for any
    Change change(UUID id, OptionalLong expected, ProfileInput input) {
        try {
            var written = database.write(sql -> sql.query("""
                            update profiles
                            set email = :email, display_name = :displayName, locale = :locale, status = :status,
                                updated_at = :now, version = version + 1
                            where id = :id and (:expected::bigint is null or version = :expected)
                            returning %s
                            """.formatted(COLUMNS))
                    .bind("id", id)
                    .bind("expected", boxed(expected))
                    .bind("email", input.normalisedEmail())
                    .bind("displayName", input.displayName())
                    .bind("locale", input.localeOrDefault())
                    .bind("status", input.statusOrDefault())
                    .bind("now", clock.instant())
                    .map(Profiles::profile)
                    .versioned(CURRENT_VERSION));
            return switch (written) {
                case Versioned.Written<Profile>(var profile) -> new Changed(profile);
                case Versioned.Stale<Profile> _ -> new Stale();
                case Versioned.Missing<Profile> _ -> new Missing();
            };
        } catch (ConstraintViolated e) {
            return emailTaken(e);
        }
    }

    /// @param expected the version that the client has seen; empty for any
    Deletion delete(UUID id, OptionalLong expected) {
        var written = database.write(sql -> sql.query("""
                        delete from profiles
                        where id = :id and (:expected::bigint is null or version = :expected)
                        returning %s
                        """.formatted(COLUMNS))
                .bind("id", id)
                .bind("expected", boxed(expected))
                .map(Profiles::profile)
                .versioned(CURRENT_VERSION));
        return switch (written) {
            case Versioned.Written<Profile> _ -> new Deleted();
            case Versioned.Stale<Profile> _ -> new Stale();
            case Versioned.Missing<Profile> _ -> new Missing();
        };
    }

    private static EmailTaken emailTaken(ConstraintViolated e) {
        if (e.constraint().equals(UNIQUE_EMAIL)) {
            return new EmailTaken();
        }
        throw e;
    }

    private static @Nullable Long boxed(OptionalLong version) {
        return version.isPresent() ? version.getAsLong() : null;
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
