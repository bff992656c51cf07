package dev.slipway.operation.constraints;

import static java.lang.annotation.ElementType.ANNOTATION_TYPE;
import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE_USE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/// The text is an e-mail address whose domain has at least two labels, and is one of `allowed` if any are named; null
/// passes. The part before the `@` is left to `jakarta.validation.constraints.Email`.
@Target({FIELD, METHOD, PARAMETER, ANNOTATION_TYPE, TYPE_USE})
@Retention(RUNTIME)
@Constraint(validatedBy = EmailDomainValidator.class)
public @interface EmailDomain {
    /// Domains in lower case; their subdomains are not included.
    String[] allowed() default {};

    String message() default "must have a domain that can receive mail";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
