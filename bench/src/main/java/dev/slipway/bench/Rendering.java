package dev.slipway.bench;

import dev.slipway.bench.Report.Goal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures how long `slipway new` takes, from the command to its end.
final class Rendering {
    private static final Goal GOAL = new Goal("< 1000", 1_000, false);

    private Rendering() {}

    static Report run(Path root, Path folder, Options options, Children children, PrintStream narration)
            throws IOException, InterruptedException {
        var millis = new ArrayList<Double>();
        narration.println("once unmeasured, which also builds what is missing");
        render(root, folder, 0, children);
        for (var round = 1; round <= options.rounds(); round++) {
            millis.add(render(root, folder, round, children));
            narration.printf(Locale.ROOT, "run %s of %s: %.0f ms%n", round, options.rounds(), millis.getLast());
        }
        var median = Statistics.median(millis);
        return new Report("ms of %s runs".formatted(options.rounds()), "median", "least", "most", "goal")
                .row(
                        "slipway new base",
                        Report.number("%.0f", median),
                        Report.number("%.0f", Statistics.percentile(millis, 0)),
                        Report.number("%.0f", Statistics.percentile(millis, 100)),
                        GOAL.verdict(median));
    }

    private static double render(Path root, Path folder, int round, Children children)
            throws IOException, InterruptedException {
        var target = folder.resolve("service-" + round);
        var launcher = root.resolve("slipway").toString();
        var begin = System.nanoTime();
        children.run(
                List.of(
                        launcher,
                        "new",
                        "base",
                        "--name",
                        "loyalty",
                        "--resource",
                        "Reward",
                        "--dir",
                        target.toString()),
                folder);
        return (System.nanoTime() - begin) / 1e6;
    }
}
