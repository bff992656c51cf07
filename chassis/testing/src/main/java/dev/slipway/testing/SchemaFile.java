package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.schema.diff.DiffEvent;
import graphql.schema.diff.SchemaDiff;
import graphql.schema.diff.SchemaDiffSet;
import graphql.schema.diff.reporting.CapturingReporter;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Keeps the GraphQL schema that clients rely on under version control: the file equals what the service serves, or the
/// test fails and says first what would break clients; `-Dapi.update` writes the file anew.
public final class SchemaFile {
    private SchemaFile() {}

    public static void matches(Path file, String current) {
        try {
            if (System.getProperty("api.update") != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, current);
            }
            var kept = Files.exists(file) ? Files.readString(file) : "";
            if (!kept.isBlank()) {
                assertThat(breakages(kept, current))
                        .as("what breaks clients of %s; -Dapi.update accepts it", file)
                        .isEmpty();
            }
            assertThat(kept)
                    .as("%s is not what the service serves; run the tests with -Dapi.update and commit it", file)
                    .isEqualTo(current);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What clients of the one schema would miss in the other.
    static List<String> breakages(String kept, String current) {
        var reporter = new CapturingReporter();
        var options = SchemaDiff.Options.defaultOptions();
        new SchemaDiff(options).diffSchema(SchemaDiffSet.diffSetFromSdl(schema(kept), schema(current)), reporter);
        return reporter.getBreakages().stream().map(DiffEvent::getReasonMsg).toList();
    }

    private static graphql.schema.GraphQLSchema schema(String sdl) {
        return UnExecutableSchemaGenerator.makeUnExecutableSchema(new SchemaParser().parse(sdl));
    }
}
