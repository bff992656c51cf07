/// Architecture rules that our own modules and every generated service are held to.
@NullMarked
package dev.slipway.policy;

import org.jspecify.annotations.NullMarked;
