/// Products and prices in PostgreSQL.
@NullMarked
package dev.slipway.shop.product.postgres;

import org.jspecify.annotations.NullMarked;
