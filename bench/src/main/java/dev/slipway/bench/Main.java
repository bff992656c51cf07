package dev.slipway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;

/// The command `bench/run`: the table on stdout, what is going on on stderr.
public final class Main {
    private Main() {}

    /// @param arguments the repository's root, then those of [Options]
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        var code = run(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length), System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(Path root, List<String> arguments, PrintStream out, PrintStream err)
            throws IOException, InterruptedException, SQLException {
        if (arguments.contains("--help")) {
            out.print(Options.USAGE);
            return 0;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.print(Options.USAGE);
            return 2;
        }
        var folder = Files.createTempDirectory(
                "slipway-bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        // The Java runtime allows a hook; a signal must leave neither processes nor files.
        var children = new Children();
        var cleaning = Thread.ofPlatform().unstarted(() -> {
            children.close();
            delete(folder);
        });
        Runtime.getRuntime().addShutdownHook(cleaning);
        try {
            var circumstances = Circumstances.of(root, options, children);
            var report = switch (options.subject()) {
                case LOAD -> Stage.open(root, folder, options, children, err, Comparison::run);
                case WRITE -> Stage.open(root, folder, options, children, err, Writes::run);
                case GRAPHQL -> Stage.open(root, folder, options, children, err, Queries::run);
                case GRPC -> Stage.open(root, folder, options, children, err, Calls::run);
                case SUBSCRIPTIONS -> Subscriptions.run(root, folder, options, children, err);
                case NEW -> Rendering.run(root, folder, options, children, err);
            };
            var text = report.markdown();
            out.print(text);
            if (options.save().isPresent()) {
                var results = Files.createDirectories(root.resolve("bench/results"));
                var name = options.save().get();
                Files.writeString(results.resolve(name + ".md"), circumstances.heading(name) + text);
                err.println("saved as bench/results/" + name + ".md");
            }
            return 0;
        } catch (MeasureException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static void delete(Path folder) {
        try (var entries = Files.walk(folder)) {
            for (var entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
