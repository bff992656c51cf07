@NullMarked
package dev.slipway.postgres;

import org.jspecify.annotations.NullMarked;
