/// A service that takes values of every kind and keeps none, for tests of what its document says of them.
@NullMarked
package dev.slipway.testing.shelf;

import org.jspecify.annotations.NullMarked;
