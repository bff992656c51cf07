package dev.slipway.infra;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The infrastructure by hand: `postgres [--keep DIR]` runs a server until Ctrl-C, `status` lists what runs.
public final class Main {
    private static final String USAGE = """
            usage: postgres [--keep DIR]   PostgreSQL until Ctrl-C, joined if it runs already
                   status                  what runs now""";

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int code = run(List.of(arguments), Home.ofThisUser(), System.out, System.err, new CountDownLatch(1));
        if (code != 0) {
            System.exit(code);
        }
    }

    /// @param end counted down when a server that runs in the foreground shall be left
    static int run(List<String> arguments, Path home, PrintStream out, PrintStream err, CountDownLatch end)
            throws IOException, InterruptedException {
        if (arguments.equals(List.of("status"))) {
            status(home, out);
            return 0;
        }
        boolean keeps = arguments.size() == 3 && arguments.get(1).equals("--keep");
        if (!arguments.equals(List.of("postgres"))
                && !(keeps && arguments.getFirst().equals("postgres"))) {
            err.println(USAGE);
            return 2;
        }
        var options = new InfraOptions(home, keeps ? Path.of(arguments.get(2)) : null);
        try (Postgres postgres = Infra.embedded(options).postgres()) {
            PostgresAddress address = postgres.database("slipway");
            out.printf("%s?user=%s&password=%s%n", address.jdbcUrl(), address.user(), address.password());
            end.await();
            return 0;
        } catch (InfraException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static void status(Path home, PrintStream out) throws IOException {
        boolean none = true;
        for (Instance instance : Instance.in(home, "")) {
            var listing = instance.listing();
            var guardian = instance.guardian();
            if (listing.isPresent() && guardian.isPresent()) {
                none = false;
                out.printf(
                        "PostgreSQL on port %s, data in %s, guardian %s%n",
                        listing.get().port(),
                        listing.get().data(),
                        guardian.get().pid());
            }
        }
        if (none) {
            out.println("Nothing runs.");
        }
    }
}
