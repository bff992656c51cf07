package dev.slipway.operation.constraints;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// Counts the length of a text in code points, as JSON Schema and PostgreSQL do.
public final class CodePointsValidator implements ConstraintValidator<Size, String> {
    private int least;
    private int most;

    @Override
    public void initialize(Size constraint) {
        least = constraint.min();
        most = constraint.max();
    }

    @Override
    public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
        if (value == null) {
            return true;
        }
        var length = value.codePointCount(0, value.length());
        return length >= least && length <= most;
    }
}
