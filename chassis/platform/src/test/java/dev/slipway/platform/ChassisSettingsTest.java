package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Assembly;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.testing.SettingsFile;
import dev.slipway.web.HttpSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Keeps the reference that each derived project carries equal to the code.
class ChassisSettingsTest {
    private record Settings(PlatformSettings platform, HttpSettings http, GrpcSettings grpc, GraphQlSettings graphql) {}

    private static final class Everything extends ServiceDefinition<Settings> {
        Everything() {
            super("your-service", Settings.class);
        }

        @Override
        public void assemble(Assembly service, Settings settings) {}
    }

    @Test
    void a_service_starts_with_every_default_of_the_chassis() throws InterruptedException {
        var everything = new Everything();
        var required = List.of(
                "--service.management-port=0",
                "--service.environment=test",
                "--limits.rules.a.by=caller",
                "--limits.rules.a.requests=1",
                "--limits.rules.a.per=1s");

        try (var service = Slipway.start(everything, SettingsSources.ofArguments(everything, required))) {
            service.awaitReady();
            assertThat(service.state()).isEqualTo(RunningService.State.READY);
        }
    }

    @Test
    void the_reference_of_the_chassis_says_what_the_code_says() {
        SettingsFile.matchesChassis(
                Path.of("..", "..", "templates", "parts", "docs", "chassis-settings.md"), new Everything());
    }
}
