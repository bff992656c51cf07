/// What a variant costs: set, read with all that it did cost, and watched.
@NullMarked
package dev.slipway.shop.product.price;

import org.jspecify.annotations.NullMarked;
