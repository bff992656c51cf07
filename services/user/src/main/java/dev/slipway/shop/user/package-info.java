/// The user service: who the users of the shop are.
@NullMarked
package dev.slipway.shop.user;

import org.jspecify.annotations.NullMarked;
