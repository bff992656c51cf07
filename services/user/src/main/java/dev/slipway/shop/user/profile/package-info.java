/// Everything about profiles: a file for each thing that can be done with them.
@NullMarked
package dev.slipway.shop.user.profile;

import org.jspecify.annotations.NullMarked;
