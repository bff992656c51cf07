package dev.slipway.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one component of a settings record: its meaning, its default and its bounds, each written as in a file.
///
/// A component without a default is required, unless it is an `Optional`, a `List` or a `Map`. Only a number, a
/// duration, a size or an `Optional` of these has bounds. They hold for what is read from settings, and not for records
/// that code constructs; bounds that do not parse, that exclude each other or the default refuse every start
/// (`IllegalStateException`).
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {

    /// What it means, for people, in one sentence.
    String about();

    /// The default; the empty string means that there is none.
    String byDefault() default "";

    /// The least value that is allowed; the empty string means that none is too little. A duration that must be longer
    /// than 0 is at least `1ms`, the shortest that can be written.
    String least() default "";

    /// The most that is allowed; the empty string means that nothing is too much.
    String most() default "";
}
