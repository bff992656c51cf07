@NullMarked
package dev.slipway.resilience;

import org.jspecify.annotations.NullMarked;
