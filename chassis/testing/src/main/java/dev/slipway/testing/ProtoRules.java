package dev.slipway.testing;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Holds the proto files of a service to style, and to what clients rely on; a test class of the service extends this.
public abstract class ProtoRules {
    @Test
    public final void the_proto_files_read_well() {
        ProtoFiles.readWell();
    }

    @Test
    public final void clients_are_understood_tomorrow() {
        ProtoFiles.areCompatibleWith(Path.of("api", "proto", "surface.lock"));
    }
}
