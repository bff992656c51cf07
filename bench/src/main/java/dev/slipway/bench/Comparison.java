package dev.slipway.bench;

import dev.slipway.bench.Report.Goal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Measures the user service beside its twin: how they start, on all cores, and how they serve, each on one core of its
/// own while the load and PostgreSQL have the others.
final class Comparison {
    private static final Goal RATE = new Goal("≥ 0.75", 0.75, true);
    private static final Goal TAIL = new Goal("≤ 1.50", 1.5, false);
    private static final Goal START = new Goal("< 2 s", 2_000, false);
    private static final Goal CACHED_START = new Goal("< 1 s", 1_000, false);

    private Comparison() {}

    /// How long one side took to start, round by round, in milliseconds.
    private record Starts(Contender contender, List<Double> plain, List<Double> cached) {
        static Starts of(Contender contender) {
            return new Starts(contender, new ArrayList<>(), new ArrayList<>());
        }
    }

    static Report run(Stage stage) throws IOException, InterruptedException, SQLException {
        var service = Starts.of(Contender.userService(stage.root(), stage.database()));
        var users = stage.users(service.contender());
        var twin = Starts.of(
                Contender.twin(stage.root(), stage.database(), users.getFirst().id()));
        stage.narration().println("making the twin's AOT cache");
        Files.deleteIfExists(twin.contender().cache());
        var training = List.of("-XX:AOTCacheOutput=" + twin.contender().cache());
        stage.start(twin.contender(), training).close();

        var rounds = stage.options().rounds();
        for (var round = 1; round <= rounds; round++) {
            for (var each : List.of(twin, service)) {
                each.plain().add(startMillis(stage, each.contender(), List.of()));
                each.cached()
                        .add(startMillis(
                                stage, each.contender(), each.contender().withCache()));
                stage.narration()
                        .printf(
                                Locale.ROOT,
                                "start %s of %s: %s %.0f ms, with cache %.0f ms%n",
                                round,
                                rounds,
                                each.contender().name(),
                                each.plain().getLast(),
                                each.cached().getLast());
            }
        }
        try (var runningTwin = stage.serve(twin.contender(), twin.contender().withCache());
                var runningService =
                        stage.serve(service.contender(), service.contender().withCache())) {
            requireSameAnswers(stage, List.of(twin.contender(), service.contender()), users.getLast());
            var sides = new ArrayList<Side>();
            for (var running : List.of(runningTwin, runningService)) {
                var contender = running.contender();
                var load = Wrk.reads(users, contender.port(), stage.folder(), stage.children());
                sides.add(Side.of(contender.name(), running, load));
            }
            Side.measure(sides, stage.options(), stage.narration());
            return report(stage, twin, service, sides.getFirst(), sides.getLast());
        }
    }

    private static double startMillis(Stage stage, Contender contender, List<String> jvmOptions) throws IOException {
        try (var running = stage.start(contender, jvmOptions)) {
            return running.startMillis();
        }
    }

    private static void requireSameAnswers(Stage stage, List<Contender> contenders, User user)
            throws IOException, InterruptedException {
        var bodies = new ArrayList<String>();
        for (var each : contenders) {
            var uri = URI.create("http://127.0.0.1:%s/v1/users/%s".formatted(each.port(), user.id()));
            bodies.add(stage.answer(HttpRequest.newBuilder(uri), user));
        }
        if (!bodies.getFirst().equals(bodies.getLast())) {
            throw new MeasureException("the answers differ: %s and %s".formatted(bodies.getFirst(), bodies.getLast()));
        }
    }

    private static Report report(Stage stage, Starts twinStarts, Starts serviceStarts, Side twin, Side service) {
        var report = new Report("", "bare twin", "user service", "ratio", "goal")
                .sides("rate, req/s", "%.0f", twin.rates(), service.rates(), Optional.of(RATE))
                .sides("p50, ms", "%.2f", twin.medians(), service.medians(), Optional.empty())
                .sides("p99, ms", "%.2f", twin.tails(), service.tails(), Optional.of(TAIL))
                .sides("processor time a request, µs", "%.1f", twin.costs(), service.costs(), Optional.empty())
                .row(start("start to ready, ms", twinStarts.plain(), serviceStarts.plain(), START))
                .row(start("with AOT cache, ms", twinStarts.cached(), serviceStarts.cached(), CACHED_START))
                .sides("memory after load (RSS), MB", "%.0f", twin.memory(), service.memory(), Optional.empty());
        stage.notes("Start: on all cores. " + Wrk.CONNECTIONS + " connections").forEach(report::note);
        return report;
    }

    private static String[] start(String what, List<Double> twin, List<Double> service, Goal goal) {
        var median = Statistics.median(service);
        return new String[] {
            what,
            Report.number("%.0f", Statistics.median(twin)),
            Report.number("%.0f", median),
            Report.number("%.2f", Statistics.ratio(service, twin)),
            goal.verdict(median)
        };
    }
}
