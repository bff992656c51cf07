package dev.slipway.operation.constraints;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks [EmailDomain].
public final class EmailDomainValidator implements ConstraintValidator<EmailDomain, CharSequence> {
    private static final int LONGEST = 253;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile("(?:" + LABEL + "\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]");

    private Set<String> allowed = Set.of();

    @Override
    public void initialize(EmailDomain constraint) {
        allowed = Set.of(constraint.allowed());
    }

    @Override
    public boolean isValid(@Nullable CharSequence value, ConstraintValidatorContext context) {
        if (value == null) {
            return true;
        }
        var address = value.toString();
        var domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return address.contains("@")
                && domain.length() <= LONGEST
                && DOMAIN.matcher(domain).matches()
                && (allowed.isEmpty() || allowed.contains(domain));
    }
}
