/// What every service of the platform opens first.
@NullMarked
package dev.slipway.platform;

import org.jspecify.annotations.NullMarked;
