/// Another small service.
@NullMarked
package dev.slipway.testing.tags;

import org.jspecify.annotations.NullMarked;
