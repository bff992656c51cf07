/// The catalogue: a file for each thing that can be done with a product.
@NullMarked
package dev.slipway.shop.product.catalogue;

import org.jspecify.annotations.NullMarked;
