package dev.slipway.shop.user.profile;

import dev.slipway.operation.constraints.EmailDomain;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client says of a user.
///
/// @param locale a language tag (BCP 47); `en` if none is given
public record ProfileInput(
        @NotNull @Email @EmailDomain @Size(max = 254) String email,
        @NotBlank @Size(max = 100) String displayName,

        @Pattern(regexp = "[a-z]{2,3}(-[A-Z]{2})?") @Nullable
        String locale,

        Profile.@Nullable Status status) {

    String normalisedEmail() {
        return email.toLowerCase(Locale.ROOT);
    }

    String localeOrDefault() {
        return locale == null ? "en" : locale;
    }

    Profile.Status statusOrDefault() {
        return status == null ? Profile.Status.ACTIVE : status;
    }
}
