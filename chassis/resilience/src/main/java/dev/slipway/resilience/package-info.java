/// Calls to others that may be slow or away, and a server that may be asked for more than it can.
///
/// [Dependency][dev.slipway.resilience.Dependency] stands where a call is made; its policy is a section of the settings.
/// [ConcurrencyLimit][dev.slipway.resilience.ConcurrencyLimit] is the admission control of a server. Nothing here is static.
@NullMarked
package dev.slipway.resilience;

import org.jspecify.annotations.NullMarked;
