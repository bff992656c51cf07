package dev.slipway.shop.user;

import dev.slipway.testing.ProtoFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Holds the proto files to style, and to what clients rely on.
class ProtoTest {

    @Test
    void the_proto_files_read_well() {
        ProtoFiles.readWell();
    }

    @Test
    void clients_are_understood_tomorrow() {
        ProtoFiles.areCompatibleWith(Path.of("api", "proto", "surface.lock"));
    }
}
