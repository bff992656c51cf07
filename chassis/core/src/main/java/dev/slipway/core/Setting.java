package dev.slipway.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one component of a settings record: its meaning and its default.
///
/// A component without a default is required, unless it is an `Optional`, a `List` or a `Map`.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {

    /// What it means, for people, in one sentence.
    String about();

    /// The default, written as in a file; the empty string means that there is none.
    String byDefault() default "";
}
