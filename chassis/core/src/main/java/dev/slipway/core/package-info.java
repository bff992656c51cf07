/// The life of a service: settings, start, health, drain, stop; and what every protocol shares about one call.
///
/// Nothing here is static: several services, and several copies of one, live side by side in one JVM.
@NullMarked
package dev.slipway.core;

import org.jspecify.annotations.NullMarked;
