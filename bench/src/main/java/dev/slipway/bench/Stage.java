package dev.slipway.bench;

import dev.slipway.infra.Infra;
import dev.slipway.infra.InfraOptions;
import dev.slipway.infra.PostgresAddress;
import dev.slipway.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Where servers are compared: cores of their own, a PostgreSQL, and users in it.
///
/// @param root of the repository
/// @param folder an empty one for what this leaves; on its path others may pass, because PostgreSQL will not run as root
record Stage(
        Path root,
        Path folder,
        Options options,
        Cores cores,
        Children children,
        PrintStream narration,
        HttpClient http,
        PostgresAddress database) {
    private static final int USERS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final File NOWHERE = new File("/dev/null");

    /// What is done on it.
    @FunctionalInterface
    interface Scene {
        Report play(Stage stage) throws IOException, InterruptedException, SQLException;
    }

    static Report open(Path root, Path folder, Options options, Children children, PrintStream narration, Scene scene)
            throws IOException, InterruptedException, SQLException {
        var cores = Cores.ofThisProcess();
        // Before anything is started: what is started inherits it.
        var self = String.valueOf(ProcessHandle.current().pid());
        children.run(List.of("taskset", "-a", "-p", "-c", cores.others(), self), folder);
        var data = folder.resolve("postgres");
        try (var http = HttpClient.newHttpClient();
                var postgres = Infra.embedded(InfraOptions.kept(data)).postgres()) {
            return scene.play(
                    new Stage(root, folder, options, cores, children, narration, http, postgres.database("bench")));
        } finally {
            Await.until("PostgreSQL has ended", PATIENCE, () -> Files.notExists(data.resolve("postmaster.pid")));
        }
    }

    /// Starts the user service once, which migrates the database, and adds users to it.
    List<User> users(Contender service) throws IOException, SQLException {
        narration.println("migrating and filling the database");
        start(service, List.of()).close();
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement();
                var ids = statement.executeQuery("""
                        insert into profiles (email, display_name, locale, status, created_at, updated_at)
                        select 'user' || n || '@example.com', 'User ' || n, 'en', 'ACTIVE', now(), now()
                        from generate_series(1, %s) as n
                        returning id
                        """.formatted(USERS))) {
            var users = new ArrayList<User>();
            while (ids.next()) {
                users.add(User.of(ids.getString(1)));
            }
            return users;
        }
    }

    /// On all cores; what it prints is kept.
    Running start(Contender contender, List<String> jvmOptions) throws IOException {
        var log = folder.resolve(contender.name().replace(' ', '-') + ".log").toFile();
        return Running.start(contender, contender.command(cores.all(), jvmOptions), children, http, folder, log);
    }

    /// As it is deployed, on its one core; its log goes nowhere, but it is written.
    Running serve(Contender contender, List<String> jvmOptions) throws IOException {
        return Running.start(
                contender, contender.command(cores.service(), jvmOptions), children, http, folder, NOWHERE);
    }

    /// The body of an answer.
    String answer(HttpRequest.Builder request, User user) throws IOException, InterruptedException {
        var authorised =
                request.header("Authorization", "Bearer " + user.token()).build();
        return http.send(authorised, BodyHandlers.ofString()).body();
    }

    /// What a reader must know of sides under load.
    List<String> notes(String load) {
        return List.of(
                "Medians of %s rounds of %s s after %s s of warm-up; a ratio is the median of the rounds' ratios."
                        .formatted(options.rounds(), options.seconds(), options.warmUp()),
                "%s; load: the service on one core, its client and PostgreSQL on the other%s. JVM: %s."
                        .formatted(load, cores.numbers().size() > 2 ? "s" : "", Contender.describeOptions()));
    }
}
