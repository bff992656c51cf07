package dev.slipway.infra;

/// A copy of a template, for one test; closing drops it together with whoever is still connected.
///
/// Close it before the [Postgres] that it came from.
public final class FreshDatabase implements AutoCloseable {
    private final Postgres postgres;
    private final PostgresAddress address;

    FreshDatabase(Postgres postgres, PostgresAddress address) {
        this.postgres = postgres;
        this.address = address;
    }

    public PostgresAddress address() {
        return address;
    }

    @Override
    public void close() {
        postgres.drop(address.database());
    }
}
