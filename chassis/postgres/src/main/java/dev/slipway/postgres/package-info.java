/// PostgreSQL for a service: a fair pool, units of work, SQL with named parameters, migrations and idempotency.
@NullMarked
package dev.slipway.postgres;

import org.jspecify.annotations.NullMarked;
