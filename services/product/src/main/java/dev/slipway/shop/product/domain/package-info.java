/// What a product, its variants and prices are, whatever the protocol and the store.
@NullMarked
package dev.slipway.shop.product.domain;

import org.jspecify.annotations.NullMarked;
