/// A small service with a database, as tests see it.
@NullMarked
package dev.slipway.postgres.widgets;

import org.jspecify.annotations.NullMarked;
