/// The mini service: keeps widgets.
@NullMarked
package dev.slipway.template.mini;

import org.jspecify.annotations.NullMarked;
