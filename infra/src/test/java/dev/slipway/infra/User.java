package dev.slipway.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A program that uses a shared server: `stay HOME` until its input ends, or `rounds HOME COUNT`.
final class User {
    private User() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        var options = new InfraOptions(Path.of(arguments[1]), null);
        if (arguments[0].equals("rounds")) {
            rounds(options, Integer.parseInt(arguments[2]));
            System.out.println("done");
            return;
        }
        try (Postgres postgres = Infra.embedded(options).postgres()) {
            System.out.println("port " + postgres.port());
            while (System.in.read() >= 0) {
                // Until the end of the input.
            }
        }
    }

    /// Joins, works and leaves, again and again.
    static void rounds(InfraOptions options, int count) throws SQLException {
        for (int round = 0; round < count; round++) {
            try (Postgres postgres = Infra.embedded(options).postgres()) {
                work(postgres.database("rounds"));
            }
        }
    }

    static void work(PostgresAddress address) throws SQLException {
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    static List<String> command(String java, String classPath, String... arguments) {
        var command = new ArrayList<>(
                List.of(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath, User.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(command(java(), System.getProperty("java.class.path"), arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// Its next line that begins with `start`; log lines come between.
    static String line(Process user, String start) throws IOException {
        var text = new StringBuilder();
        for (int next = user.getInputStream().read();
                next >= 0;
                next = user.getInputStream().read()) {
            if (next != '\n') {
                text.append((char) next);
            } else if (text.indexOf(start) == 0) {
                return text.toString();
            } else {
                text.setLength(0);
            }
        }
        throw new IOException(
                "The user ended early with status " + user.onExit().join().exitValue());
    }
}
