/// The test kit: a service on real infrastructure, a client that speaks for a role, waiting without sleep.
///
/// A contract that every implementation of a port must keep is a class with JUnit's `@ParameterizedClass` over the
/// implementations; the kit adds nothing to that.
@NullMarked
package dev.slipway.testing;

import org.jspecify.annotations.NullMarked;
