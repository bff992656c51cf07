package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.local.LocalMachine;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PlatformTest {
    private record Settings(PlatformSettings platform) {}

    private static final class App extends ServiceDefinition<Settings> {
        private final AtomicReference<Platform> opened = new AtomicReference<>();

        App() {
            super("platform-test", Settings.class);
        }

        @Override
        public void assemble(Assembly service, Settings settings) {
            var once = Operation.named("doOnce", "Does it once")
                    .policy(Policy.anyone())
                    .idempotent()
                    .handle(call -> Outcome.done());
            opened.set(Platform.open(service, settings.platform(), App.class));
            // Without a store for its answers it would refuse the start.
            opened.get().operations().check(once.description());
        }
    }

    @Test
    void its_parts_start_with_the_service_and_know_each_other() throws InterruptedException {
        var app = new App();
        var arguments = List.of(
                "--service.environment=test",
                "--service.management-port=0",
                "--postgres.idle-size=2",
                "--limits.max-keys=700",
                "--telemetry.max-series=99",
                "--tokens.cache-for=1m");
        try (var service = Slipway.start(
                app, SettingsSources.ofArguments(app, arguments), Clock.systemUTC(), LocalMachine.fresh())) {
            service.awaitReady();
            var platform = app.opened.get();

            assertThat(platform.service().dependencies()).contains("postgres");
            var answers = platform.database()
                    .<Long>read(sql -> sql.query("select count(*) as n from slipway_idempotency")
                            .map(row -> row.bigint("n"))
                            .one());
            assertThat(answers).isZero();
            assertThat(platform.meters().find("postgres.gate.waiting").gauge()).isNotNull();
            assertThat(platform.operations().callers().needAddress()).isTrue();
            assertThat(platform.clock()).isSameAs(platform.service().clock());
        }
    }
}
