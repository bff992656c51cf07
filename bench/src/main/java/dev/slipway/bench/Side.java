package dev.slipway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// One side under load, and its figures round by round.
///
/// @param costs processor time of one request, in microseconds
/// @param memory resident, in MB
record Side(
        String name,
        Running running,
        Load load,
        List<Double> rates,
        List<Double> medians,
        List<Double> tails,
        List<Double> costs,
        List<Double> memory) {

    static Side of(String name, Running running, Load load) {
        return new Side(
                name,
                running,
                load,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    /// Requests in a second of processor time, round by round.
    List<Double> ratesOfCore() {
        return costs.stream().map(micros -> 1e6 / micros).toList();
    }

    /// Warms all sides up, then loads them by turns.
    static void measure(List<Side> sides, Options options, PrintStream narration)
            throws IOException, InterruptedException {
        if (options.warmUp() > 0) {
            narration.printf("warming up for %s s each%n", options.warmUp());
            for (var side : sides) {
                side.load().warmUp(options.warmUp());
            }
        }
        for (var round = 1; round <= options.rounds(); round++) {
            narration.printf("round %s of %s%n", round, options.rounds());
            for (var side : sides) {
                side.measure(options.seconds(), narration);
            }
        }
    }

    private void measure(int seconds, PrintStream narration) throws IOException, InterruptedException {
        var before = running.processorTime();
        var seen = load.run(seconds);
        var used = running.processorTime().minus(before);
        rates.add(seen.rate());
        medians.add(seen.p50());
        tails.add(seen.p99());
        costs.add(used.toNanos() / 1e3 / seen.requests());
        memory.add(running.residentMegabytes());
        narration.printf(
                Locale.ROOT,
                "  %-14s %8.0f req/s  p50 %6.2f ms  p99 %6.2f ms  core used %3.0f %%%n",
                name,
                seen.rate(),
                seen.p50(),
                seen.p99(),
                100 * used.toNanos() / (seen.seconds() * TimeUnit.SECONDS.toNanos(1)));
    }
}
