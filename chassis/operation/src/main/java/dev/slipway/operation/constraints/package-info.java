/// Constraints that Jakarta Validation does not have.
@NullMarked
package dev.slipway.operation.constraints;

import org.jspecify.annotations.NullMarked;
