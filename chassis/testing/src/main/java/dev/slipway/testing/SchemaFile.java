package dev.slipway.testing;

import graphql.schema.diff.DiffEvent;
import graphql.schema.diff.SchemaDiff;
import graphql.schema.diff.SchemaDiffSet;
import graphql.schema.diff.reporting.CapturingReporter;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.nio.file.Path;
import java.util.List;

/// Keeps the GraphQL schema that clients rely on under version control: the file equals what the service serves, or the
/// test fails and says first what would break clients; `-Dapi.update` writes the file anew.
///
/// A change that breaks clients is refused with `-Dapi.update` too. If nobody uses the schema yet, delete its file.
public final class SchemaFile {
    private SchemaFile() {}

    public static void matches(Path file, String current) {
        KeptFile.guard(file, current, KeptFile::haveSameLines, SchemaFile::breakages);
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
