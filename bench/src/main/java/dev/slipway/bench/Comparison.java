package dev.slipway.bench;

import dev.slipway.bench.Report.Goal;
import dev.slipway.infra.Infra;
import dev.slipway.infra.InfraOptions;
import dev.slipway.infra.PostgresAddress;
import dev.slipway.testing.Await;
import dev.slipway.testing.DevelopmentTokens;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Measures the user service beside its twin: how they start, on all cores, and how they serve, each on one core of its
/// own while the load and PostgreSQL have the others.
final class Comparison {
    private static final int USERS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final File NOWHERE = new File("/dev/null");
    private static final Goal RATE = new Goal("≥ 0.75", 0.75, true);
    private static final Goal TAIL = new Goal("≤ 1.50", 1.5, false);
    private static final Goal START = new Goal("< 2 s", 2_000, false);
    private static final Goal CACHED_START = new Goal("< 1 s", 1_000, false);

    private final Path root;
    private final Path folder;
    private final Options options;
    private final Cores cores;
    private final Children children;
    private final PrintStream narration;
    private final HttpClient http;

    private Comparison(
            Path root,
            Path folder,
            Options options,
            Cores cores,
            Children children,
            PrintStream narration,
            HttpClient http) {
        this.root = root;
        this.folder = folder;
        this.options = options;
        this.cores = cores;
        this.children = children;
        this.narration = narration;
        this.http = http;
    }

    /// The figures of one side, round by round.
    private record Side(
            Contender contender,
            List<Double> starts,
            List<Double> cachedStarts,
            List<Double> rates,
            List<Double> medians,
            List<Double> tails,
            List<Double> costs,
            List<Double> memory) {

        static Side of(Contender contender) {
            return new Side(
                    contender,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    /// @param root of the repository
    /// @param folder an empty one for what this leaves; on its path others may pass, because PostgreSQL will not run as
    ///     root
    static Report run(Path root, Path folder, Options options, Children children, PrintStream narration)
            throws IOException, InterruptedException, SQLException {
        var cores = Cores.ofThisProcess();
        // Before anything is started: what is started inherits it.
        var self = String.valueOf(ProcessHandle.current().pid());
        children.run(List.of("taskset", "-a", "-p", "-c", cores.others(), self), folder);
        var data = folder.resolve("postgres");
        try (var http = HttpClient.newHttpClient();
                var postgres = Infra.embedded(InfraOptions.kept(data)).postgres()) {
            return new Comparison(root, folder, options, cores, children, narration, http)
                    .measure(postgres.database("bench"));
        } finally {
            Await.until("PostgreSQL has ended", PATIENCE, () -> Files.notExists(data.resolve("postmaster.pid")));
        }
    }

    private Report measure(PostgresAddress database) throws IOException, InterruptedException, SQLException {
        var service = Side.of(Contender.userService(root, database));
        narration.println("migrating and filling the database");
        start(service.contender(), cores.all(), List.of(), log(service)).close();
        var users = fill(database);
        var twin = Side.of(Contender.twin(root, database, users.getFirst()));
        narration.println("making the twin's AOT cache");
        Files.deleteIfExists(twin.contender().cache());
        var training = List.of("-XX:AOTCacheOutput=" + twin.contender().cache());
        start(twin.contender(), cores.all(), training, log(twin)).close();

        for (var round = 1; round <= options.rounds(); round++) {
            for (var side : List.of(twin, service)) {
                side.starts().add(startMillis(side, List.of()));
                side.cachedStarts().add(startMillis(side, side.contender().withCache()));
                narration.printf(
                        "start %d of %d: %s %.0f ms, with cache %.0f ms%n",
                        round,
                        options.rounds(),
                        side.contender().name(),
                        side.starts().getLast(),
                        side.cachedStarts().getLast());
            }
        }
        try (var runningTwin = serving(twin);
                var runningService = serving(service)) {
            requireSameAnswers(runningTwin, runningService, users);
            load(twin, runningTwin, service, runningService, users);
        }
        return report(twin, service);
    }

    private File log(Side side) {
        return folder.resolve(side.contender().name().replace(' ', '-') + ".log")
                .toFile();
    }

    private Running start(Contender contender, String on, List<String> jvmOptions, File log) throws IOException {
        return Running.start(contender, contender.command(on, jvmOptions), children, http, folder, log);
    }

    private double startMillis(Side side, List<String> jvmOptions) throws IOException {
        try (var running = start(side.contender(), cores.all(), jvmOptions, log(side))) {
            return running.startMillis();
        }
    }

    /// As it is deployed, on its one core; its log goes nowhere, but it is written.
    private Running serving(Side side) throws IOException {
        return start(side.contender(), cores.service(), side.contender().withCache(), NOWHERE);
    }

    private static List<String> fill(PostgresAddress database) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement();
                var ids = statement.executeQuery("""
                        insert into profiles (email, display_name, locale, status, created_at, updated_at)
                        select 'user' || n || '@example.com', 'User ' || n, 'en', 'ACTIVE', now(), now()
                        from generate_series(1, %d) as n
                        returning id
                        """.formatted(USERS))) {
            var users = new ArrayList<String>();
            while (ids.next()) {
                users.add(ids.getString(1));
            }
            return users;
        }
    }

    private void requireSameAnswers(Running twin, Running service, List<String> users)
            throws IOException, InterruptedException {
        var user = users.getLast();
        var token = "Bearer " + DevelopmentTokens.token(user, List.of(), Instant.now());
        var bodies = new ArrayList<String>();
        for (var each : List.of(twin, service)) {
            var uri = URI.create(
                    "http://127.0.0.1:%d/v1/users/%s".formatted(each.contender().port(), user));
            var request =
                    HttpRequest.newBuilder(uri).header("Authorization", token).build();
            bodies.add(http.send(request, BodyHandlers.ofString()).body());
        }
        if (!bodies.getFirst().equals(bodies.getLast())) {
            throw new MeasureException("the answers differ: %s and %s".formatted(bodies.getFirst(), bodies.getLast()));
        }
    }

    private void load(Side twin, Running runningTwin, Side service, Running runningService, List<String> users)
            throws IOException, InterruptedException {
        var load = Load.of(users, folder, children);
        if (options.warmUp() > 0) {
            narration.printf("warming up for %d s each%n", options.warmUp());
            for (var each : List.of(runningTwin, runningService)) {
                load.warmUp(each.contender().port(), options.warmUp());
            }
        }
        for (var round = 1; round <= options.rounds(); round++) {
            narration.printf("round %d of %d%n", round, options.rounds());
            measure(load, twin, runningTwin);
            measure(load, service, runningService);
        }
    }

    private void measure(Load load, Side side, Running running) throws IOException, InterruptedException {
        var before = running.processorTime();
        var seen = load.run(running.contender().port(), options.seconds());
        var used = running.processorTime().minus(before);
        side.rates().add(seen.rate());
        side.medians().add(seen.p50());
        side.tails().add(seen.p99());
        side.costs().add(used.toNanos() / 1e3 / seen.requests());
        side.memory().add(running.residentMegabytes());
        narration.printf(
                "  %-12s %8.0f req/s  p50 %6.2f ms  p99 %6.2f ms  core used %3.0f %%%n",
                side.contender().name(),
                seen.rate(),
                seen.p50(),
                seen.p99(),
                100 * used.toNanos() / (seen.seconds() * TimeUnit.SECONDS.toNanos(1)));
    }

    private Report report(Side twin, Side service) {
        var cached = Statistics.median(service.cachedStarts());
        var plain = Statistics.median(service.starts());
        return new Report("", "bare twin", "user service", "ratio", "goal")
                .sides("rate, req/s", "%.0f", twin.rates(), service.rates(), Optional.of(RATE))
                .sides("p50, ms", "%.2f", twin.medians(), service.medians(), Optional.empty())
                .sides("p99, ms", "%.2f", twin.tails(), service.tails(), Optional.of(TAIL))
                .sides("processor time a request, µs", "%.1f", twin.costs(), service.costs(), Optional.empty())
                .row(start("start to ready, ms", twin.starts(), service.starts(), START.verdict(plain)))
                .row(start(
                        "with AOT cache, ms",
                        twin.cachedStarts(),
                        service.cachedStarts(),
                        CACHED_START.verdict(cached)))
                .sides("memory after load (RSS), MB", "%.0f", twin.memory(), service.memory(), Optional.empty())
                .note("Medians of %d rounds of %d s after %d s of warm-up; a ratio is the median of the rounds' ratios."
                        .formatted(options.rounds(), options.seconds(), options.warmUp()))
                .note(
                        "%d connections; load: the service on one core, wrk and PostgreSQL on the other%s; start: all cores. JVM: %s."
                                .formatted(
                                        Load.CONNECTIONS,
                                        cores.numbers().size() > 2 ? "s" : "",
                                        Contender.describeOptions()));
    }

    private static String[] start(String what, List<Double> twin, List<Double> service, String verdict) {
        return new String[] {
            what,
            Report.number("%.0f", Statistics.median(twin)),
            Report.number("%.0f", Statistics.median(service)),
            Report.number("%.2f", Statistics.ratio(service, twin)),
            verdict
        };
    }
}
