package dev.slipway.postgres.widgets;

import dev.slipway.core.Assembly;
import dev.slipway.core.LocalInfrastructure;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.Time;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.postgres.PostgresSettings;
import dev.slipway.testkit.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A service that has nothing but a database.
public final class WidgetApp extends ServiceDefinition<WidgetApp.Settings> implements AutoCloseable {
    public record Settings(PostgresSettings postgres) {}

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BiConsumer<Assembly, Database> more;
    private @Nullable Database database;
    private @Nullable PostgresIdempotency idempotency;
    private @Nullable RunningService service;

    public WidgetApp() {
        this((assembly, opened) -> {});
    }

    private WidgetApp(BiConsumer<Assembly, Database> more) {
        super("widget-service", Settings.class);
        this.more = more;
    }

    /// Starts it, without waiting until it is ready.
    ///
    /// @param infrastructure for a service that is not told where its database is
    public static WidgetApp start(List<String> arguments, Clock clock, LocalInfrastructure infrastructure) {
        return start(arguments, clock, infrastructure, (assembly, opened) -> {});
    }

    /// @param more what else it is made of
    public static WidgetApp start(
            List<String> arguments,
            Clock clock,
            LocalInfrastructure infrastructure,
            BiConsumer<Assembly, Database> more) {
        return start(arguments, Time.of(clock), infrastructure, more);
    }

    /// @param time by which it waits and measures
    public static WidgetApp start(
            List<String> arguments,
            Time time,
            LocalInfrastructure infrastructure,
            BiConsumer<Assembly, Database> more) {
        var app = new WidgetApp(more);
        var all = new ArrayList<>(arguments);
        all.add("--service.management-port=0");
        app.service =
                Slipway.start(app, SettingsSources.ofArguments(app, all), time, new SecureRandom(), infrastructure);
        return app;
    }

    @Override
    public void assemble(Assembly assembly, Settings settings) {
        var opened = Database.open(assembly, settings.postgres(), meters, WidgetApp.class);
        database = opened;
        more.accept(assembly, opened);
        idempotency = PostgresIdempotency.open(assembly, opened);
    }

    public WidgetApp awaitReady() {
        Await.ready(service());
        return this;
    }

    public Database database() {
        return present(database);
    }

    public PostgresIdempotency idempotency() {
        return present(idempotency);
    }

    public RunningService service() {
        return present(service);
    }

    public SimpleMeterRegistry meters() {
        return meters;
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not started");
        }
        return value;
    }
}
