package dev.slipway.platform;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.testing.SettingsFile;
import dev.slipway.web.HttpSettings;
import java.nio.file.Path;
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
    void the_reference_of_the_chassis_says_what_the_code_says() {
        SettingsFile.matchesChassis(
                Path.of("..", "..", "templates", "parts", "docs", "chassis-settings.md"), new Everything());
    }
}
