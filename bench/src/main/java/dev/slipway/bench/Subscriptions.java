package dev.slipway.bench;

import dev.slipway.bench.Report.Goal;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Measures what 1,000 idle GraphQL subscriptions, each on a WebSocket of its own and of a user of its own, cost the
/// [IdleService] in memory.
///
/// Its heap is touched as a whole at the start, so that the resident memory grows by what is outside the heap only.
final class Subscriptions {
    private static final int COUNT = 1_000;
    /// Open before the first look, so that what is loaded and compiled once does not count.
    private static final int BEFORE = 100;

    private static final Goal GOAL = new Goal("< 50 MB", 50, false);
    private static final Pattern USED = Pattern.compile("heap .*used (\\d+)K");

    private Subscriptions() {}

    /// @param heap what is live on it, in MB
    /// @param resident in MB
    private record Memory(double heap, double resident) {
        static Memory of(Running service, Path folder, Children children) throws IOException, InterruptedException {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var pid = String.valueOf(service.process().pid());
            children.run(List.of(jcmd, pid, "GC.run"), folder);
            return new Memory(
                    usedMegabytes(children.run(List.of(jcmd, pid, "GC.heap_info"), folder)),
                    service.residentMegabytes());
        }
    }

    /// @param info what `jcmd GC.heap_info` prints
    static double usedMegabytes(String info) {
        var used = USED.matcher(info);
        if (!used.find()) {
            throw new MeasureException("jcmd did not say how much of the heap is used:\n" + info);
        }
        return Long.parseLong(used.group(1)) / 1024.0;
    }

    static Report run(Path root, Path folder, Options options, Children children, PrintStream narration)
            throws IOException, InterruptedException {
        var heap = new ArrayList<Double>();
        var outside = new ArrayList<Double>();
        var together = new ArrayList<Double>();
        for (var round = 1; round <= options.rounds(); round++) {
            var grown = grown(root, folder, children);
            heap.add(grown.heap());
            outside.add(grown.resident());
            together.add(grown.heap() + grown.resident());
            narration.printf(
                    Locale.ROOT,
                    "round %s of %s: heap %.1f MB, outside it %.1f MB%n",
                    round,
                    options.rounds(),
                    grown.heap(),
                    grown.resident());
        }
        var perSubscription =
                together.stream().map(megabytes -> megabytes * 1024 / COUNT).toList();
        return new Report(
                        "%s idle subscriptions, %s rounds".formatted(COUNT, options.rounds()),
                        "median",
                        "least",
                        "most",
                        "goal")
                .row(row("live heap, MB", heap, ""))
                .row(row("outside the heap (RSS), MB", outside, ""))
                .row(row("together, MB", together, GOAL.verdict(Statistics.median(together))))
                .row(row("each, KB", perSubscription, ""))
                .note("Growth from %s to %s subscriptions, one on each WebSocket. JVM: %s."
                        .formatted(BEFORE, BEFORE + COUNT, Contender.describeOptions()));
    }

    private static String[] row(String what, List<Double> values, String verdict) {
        return new String[] {
            what,
            Report.number("%.1f", Statistics.median(values)),
            Report.number("%.1f", Statistics.percentile(values, 0)),
            Report.number("%.1f", Statistics.percentile(values, 100)),
            verdict
        };
    }

    private static Memory grown(Path root, Path folder, Children children) throws IOException, InterruptedException {
        var contender = Contender.idleService(root);
        var uri = URI.create("ws://127.0.0.1:%s/graphql".formatted(contender.port()));
        var command = contender.command(Cores.ofThisProcess().all(), List.of("-XX:+AlwaysPreTouch"));
        var subscribers = new ArrayList<Subscriber>();
        try (var http = HttpClient.newHttpClient();
                var service = Running.start(
                        contender,
                        command,
                        children,
                        http,
                        folder,
                        folder.resolve("idle.log").toFile())) {
            try {
                open(subscribers, BEFORE, http, uri);
                var before = Memory.of(service, folder, children);
                open(subscribers, COUNT, http, uri);
                var after = Memory.of(service, folder, children);
                return new Memory(after.heap() - before.heap(), after.resident() - before.resident());
            } finally {
                // An HTTP client does not close while it has open sockets.
                subscribers.forEach(Subscriber::close);
            }
        }
    }

    private static void open(List<Subscriber> subscribers, int more, HttpClient http, URI uri)
            throws InterruptedException {
        for (var i = 0; i < more; i++) {
            subscribers.add(Subscriber.of(http, uri, User.of("subscriber-" + subscribers.size())));
        }
    }
}
