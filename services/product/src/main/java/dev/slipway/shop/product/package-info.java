/// The product service: what the shop sells, and for how much.
@NullMarked
package dev.slipway.shop.product;

import org.jspecify.annotations.NullMarked;
