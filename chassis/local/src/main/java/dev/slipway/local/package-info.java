/// Hands the infrastructure of this machine to a service in development and in tests.
@NullMarked
package dev.slipway.local;

import org.jspecify.annotations.NullMarked;
