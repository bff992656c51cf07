package dev.slipway.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a settings record whose keys stand beside those of the record that holds it, not below a name of their own:
/// sections that always come together are one component in code and separate sections in files.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Unwrapped {}
