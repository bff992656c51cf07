@NullMarked
package dev.slipway.discovery;

import org.jspecify.annotations.NullMarked;
