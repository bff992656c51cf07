package dev.slipway.operation.constraints;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks [Slug].
public final class SlugValidator implements ConstraintValidator<Slug, CharSequence> {
    private static final int LONGEST = 100;
    private static final Pattern SLUG = Pattern.compile("[a-z0-9]++(-[a-z0-9]++)*+");

    @Override
    public boolean isValid(@Nullable CharSequence value, ConstraintValidatorContext context) {
        return value == null
                || (value.length() <= LONGEST && SLUG.matcher(value).matches());
    }
}
