/// Many products at once, each as the catalogue takes one.
@NullMarked
package dev.slipway.shop.product.catalogue.imports;

import org.jspecify.annotations.NullMarked;
