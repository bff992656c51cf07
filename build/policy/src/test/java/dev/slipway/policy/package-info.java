@NullMarked
package dev.slipway.policy;

import org.jspecify.annotations.NullMarked;
