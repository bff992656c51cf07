package dev.slipway.shop.user.profile;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.Cursor;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.security.Policy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists profiles: filtered, sorted, page by page.
public final class ListProfiles {
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

        Sort order() {
            return sort == null ? Sort.NAME : sort;
        }

        int size() {
            return limit == null ? 20 : limit;
        }

        Optional<String> normalisedEmail() {
            return Optional.ofNullable(email).map(text -> text.toLowerCase(Locale.ROOT));
        }

        /// For `ilike`, with its wildcards taken literally.
        Optional<String> searchPattern() {
            return Optional.ofNullable(search).map(text -> "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%");
        }
    }

    /// The orders that have an index; the id makes each of them total.
    public enum Sort {
        @JsonProperty("displayName")
        NAME("display_name, id", "(display_name, id) > (:value, :id)", Profile::displayName, text -> text),
        @JsonProperty("-displayName")
        NAME_DESCENDING(
                "display_name desc, id desc", "(display_name, id) < (:value, :id)", Profile::displayName, text -> text),
        @JsonProperty("created")
        CREATED("created_at, id", "(created_at, id) > (:value, :id)", Profile::createdAt, Instant::parse),
        @JsonProperty("-created")
        CREATED_DESCENDING(
                "created_at desc, id desc", "(created_at, id) < (:value, :id)", Profile::createdAt, Instant::parse);

        private final String order;
        private final String following;
        private final Function<Profile, Object> value;
        private final Function<String, Object> parser;

        Sort(String order, String following, Function<Profile, Object> value, Function<String, Object> parser) {
            this.order = order;
            this.following = following;
            this.value = value;
            this.parser = parser;
        }

        /// The columns, in SQL.
        String order() {
            return order;
        }

        /// The condition for the rows behind a cursor, in SQL.
        String following() {
            return following;
        }

        Cursor after(Profile last) {
            return Cursor.of(name(), value.apply(last), last.id());
        }

        Optional<Cursor> parse(@Nullable String cursor) {
            return Cursor.decode(cursor, name(), List.of(parser, UUID::fromString));
        }
    }

    static Operation<Query, Page<Profile>> operation(Profiles profiles) {
        return Operation.named("listProfiles", "Lists users")
                .input(Query.class)
                .policy(Policy.anyRole("admin", "support"))
                .pageOf(Profile.class)
                .read(call -> {
                    var query = call.input();
                    var sort = query.order();
                    var found = profiles.list(query, sort.parse(query.cursor()));
                    return Outcome.done(Page.of(found, query.size(), sort::after));
                });
    }
}
