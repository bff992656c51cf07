/// Measures the user service beside bare twins of its most frequent request, what idle subscriptions cost, and what the
/// command line takes.
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
