/// A small service with everything: roles, a database, idempotent requests.
@NullMarked
package dev.slipway.testing.notes;

import org.jspecify.annotations.NullMarked;
