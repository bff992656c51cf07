package dev.slipway.shop.user.profile;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Parameter;
import java.time.Instant;
import java.util.UUID;

/// A user's profile as it is stored and shown.
///
/// @param id also the subject of the user's tokens
/// @param email in lower case, unique
/// @param locale a language tag (BCP 47), for example `de-CH`
/// @param version 1 at first, one more with each change
public record Profile(
        UUID id,
        String email,
        String displayName,
        String locale,
        Status status,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    static final Parameter<UUID> ID = Parameter.uuid("id", "The user's id");
    static final Problem MISSING = Problem.notFound("There is no such user.");
    static final Problem EMAIL_TAKEN =
            Problem.of(Kind.CONFLICT, "email-taken", "Another user has this e-mail address.");

    /// Whether the user may use the shop.
    public enum Status {
        @JsonProperty("active")
        ACTIVE,
        @JsonProperty("suspended")
        SUSPENDED
    }
}
