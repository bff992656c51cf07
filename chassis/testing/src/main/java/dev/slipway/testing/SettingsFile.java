package dev.slipway.testing;

import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import java.nio.file.Path;
import java.util.List;

/// Keeps references of settings under version control: the file says what the code says, or the test fails;
/// `-Dapi.update` writes the file anew.
public final class SettingsFile {
    static final String OPENING = """
            # Settings

            What this service adds to the settings of the chassis (`chassis-settings.md`): its own sections, if it has any, and
            what its `settings.yaml` says of the others. Written by `mvn verify -Dapi.update`, and compared with the code by
            each `mvn verify`. A setting without a default is required, unless it is optional, a list or by name.
            """;

    static final String CHASSIS = """
            # Settings of the chassis

            What every service can be told, if it has the part; `java -jar target/app.jar --help` lists what this one can. A
            variable begins with the service's own prefix. Written and compared with the code by a test of the chassis. A
            setting without a default is required, unless it is optional, a list or by name.
            """;

    private SettingsFile() {}

    /// The reference of a service.
    ///
    /// @param file for example `docs/settings.md`
    public static void matches(Path file, ServiceDefinition<?> definition) {
        guard(file, OPENING + Slipway.ownReference(definition));
    }

    /// The reference of the chassis.
    ///
    /// @param definition has all its sections, and no file of settings
    public static void matchesChassis(Path file, ServiceDefinition<?> definition) {
        guard(file, CHASSIS + Slipway.reference(definition));
    }

    private static void guard(Path file, String current) {
        KeptFile.guard(file, current, String::equals, (kept, now) -> List.of());
    }
}
