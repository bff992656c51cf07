package dev.slipway.operation;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.operation.constraints.CodePointsValidator;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.Size;
import jakarta.validation.valueextraction.ExtractedValue;
import jakarta.validation.valueextraction.UnwrapByDefault;
import jakarta.validation.valueextraction.ValueExtractor;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/// Checks input against the constraints on its record (Jakarta Validation). Thread-safe.
final class Validation implements AutoCloseable {
    private final ValidatorFactory factory;
    private final Validator validator;

    Validation() {
        var configuration = jakarta.validation.Validation.byProvider(HibernateValidator.class)
                .configure();
        var lengths = configuration.createConstraintMapping();
        lengths.constraintDefinition(Size.class).includeExistingValidators(true).validatedBy(CodePointsValidator.class);
        factory = configuration
                .addMapping(lengths)
                // Answers are in one language, whatever that of the machine is.
                .messageInterpolator(new ParameterMessageInterpolator(Set.of(), Locale.ENGLISH, false))
                .addValueExtractor(new OptionalExtractor())
                .buildValidatorFactory();
        validator = factory.getValidator();
    }

    /// @throws dev.slipway.core.ProblemException with every violation, sorted by field
    <T> T check(T input) {
        Storable.require(input);
        var violations = validator.validate(input);
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations.stream()
                            .map(Validation::error)
                            .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::code))
                            .toList())
                    .asException();
        }
        return input;
    }

    @Override
    public void close() {
        factory.close();
    }

    /// Lets constraints stand on an optional component itself, where they are looked for: `@Min(1) Optional<Integer>`.
    @UnwrapByDefault
    private static final class OptionalExtractor implements ValueExtractor<Optional<@ExtractedValue ?>> {
        @Override
        public void extractValues(Optional<?> optional, ValueReceiver receiver) {
            receiver.value(null, optional.orElse(null));
        }
    }

    private static FieldError error(ConstraintViolation<?> violation) {
        var constraint = violation
                .getConstraintDescriptor()
                .getAnnotation()
                .annotationType()
                .getSimpleName();
        var code = constraint.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        return new FieldError(violation.getPropertyPath().toString(), code, violation.getMessage());
    }
}
