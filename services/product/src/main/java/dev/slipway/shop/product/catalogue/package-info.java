/// The catalogue: a file for each thing that can be done with products and prices.
@NullMarked
package dev.slipway.shop.product.catalogue;

import org.jspecify.annotations.NullMarked;
