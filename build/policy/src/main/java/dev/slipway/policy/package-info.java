/// The architecture rules that our modules and every generated service are held to.
///
/// A module states its package and gets one named test per rule; see [dev.slipway.policy.Policy].
@NullMarked
package dev.slipway.policy;

import org.jspecify.annotations.NullMarked;
