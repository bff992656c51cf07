/// A service without a database, for tests of what every service promises.
@NullMarked
package dev.slipway.testing.rewards;

import org.jspecify.annotations.NullMarked;
