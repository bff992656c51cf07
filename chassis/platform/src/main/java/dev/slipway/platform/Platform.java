package dev.slipway.platform;

import dev.slipway.core.Assembly;
import dev.slipway.operation.Operations;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.security.RateLimits;
import dev.slipway.security.Tokens;
import dev.slipway.telemetry.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/// What a service with a database stands on: metrics and log, tokens, PostgreSQL, limits, and the chain of its
/// operations, opened in this order. Protocols are opened on it.
///
/// It is for the wiring alone: what a class of the service needs of it is passed to that class (docs/adr/0020-platform.md).
/// A service that needs other parts opens them itself, as [#open] does.
///
/// @param database the service's own
public record Platform(Assembly service, MeterRegistry meters, Database database, Operations operations)
        implements ProtocolHost {

    /// @param definition the class beside whose package the migrations lie, in the resource folder `db`
    public static Platform open(Assembly service, PlatformSettings settings, Class<?> definition) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var tokens = Tokens.open(service, settings.tokens(), meters);
        var database = Database.open(service, settings.postgres(), meters, definition);
        var idempotency = PostgresIdempotency.open(service, database);
        var limits = RateLimits.open(service, settings.limits(), meters);
        var operations = Operations.open(service, tokens)
                .limits(limits)
                .transactions(database)
                .idempotency(idempotency, settings.postgres().idempotencyKeep());
        return new Platform(service, meters, database, operations);
    }

    public Clock clock() {
        return service.clock();
    }
}
