/// Constraints that Jakarta Validation does not have.
@NullMarked
package dev.slipway.web.constraints;

import org.jspecify.annotations.NullMarked;
