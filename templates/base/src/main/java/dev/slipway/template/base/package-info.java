/// The blank service: one resource, nothing of the shop.
@NullMarked
package dev.slipway.template.base;

import org.jspecify.annotations.NullMarked;
