package dev.slipway.shop.user.profile;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.postgres.Column;
import dev.slipway.postgres.Order;
import dev.slipway.security.Policy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lists profiles: filtered, sorted, page by page.
public final class ListProfiles {
    private static final Column<Profile> ID = Column.uuid("id", Profile::id);
    private static final Order<Profile> BY_NAME = Order.by(Column.text("display_name", Profile::displayName), ID);
    private static final Order<Profile> BY_AGE = Order.by(Column.instant("created_at", Profile::createdAt), ID);

    private ListProfiles() {}

    /// @param email exactly this address, in any case
    /// @param search a part of the display name, in any case
    /// @param cursor the `next` of the page before
    public record Query(
            @Size(max = 254) @Nullable String email,
            Profile.@Nullable Status status,
            @Size(max = 100) @Nullable String search,
            @Nullable Sort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        Order<Profile> order() {
            return sort == null ? BY_NAME : sort.order;
        }

        Order.Part<Profile> part() {
            return order().part(cursor, limit == null ? 20 : limit);
        }

        Optional<String> normalisedEmail() {
            return Optional.ofNullable(email).map(text -> text.toLowerCase(Locale.ROOT));
        }
    }

    /// The orders that have an index.
    public enum Sort {
        @JsonProperty("displayName")
        DISPLAY_NAME(BY_NAME),
        @JsonProperty("-displayName")
        DISPLAY_NAME_DESCENDING(BY_NAME.descending()),
        @JsonProperty("created")
        CREATED(BY_AGE),
        @JsonProperty("-created")
        CREATED_DESCENDING(BY_AGE.descending());

        private final Order<Profile> order;

        Sort(Order<Profile> order) {
            this.order = order;
        }
    }

    static Operation<Query, Page<Profile>> operation(Profiles profiles) {
        return Operation.named("listProfiles", "Lists users")
                .input(Query.class)
                .policy(Policy.anyRole("admin", "support"))
                .pageOf(Profile.class)
                .read(call -> Outcome.done(profiles.list(call.input())));
    }
}
