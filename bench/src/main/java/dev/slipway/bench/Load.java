package dev.slipway.bench;

import java.io.IOException;
import java.util.regex.Pattern;

/// What keeps one server busy.
interface Load {

    /// Load that is not measured. Its first requests meet a cold JVM, and may time out on a busy machine.
    void warmUp(int seconds) throws IOException, InterruptedException;

    /// @throws MeasureException if a single answer was not what was asked for
    Seen run(int seconds) throws IOException, InterruptedException;

    /// What one run has seen.
    ///
    /// @param p50 in milliseconds, as the p99
    record Seen(long requests, double seconds, double p50, double p99) {
        private static final Pattern REPORT =
                Pattern.compile("report requests=(\\d+) micros=(\\d+) p50=([\\d.]+) p99=([\\d.]+) errors=(\\d+)");

        double rate() {
            return requests / seconds;
        }

        /// @param output a report line, and what else there may be
        static Seen parse(String output) {
            var report = REPORT.matcher(output);
            if (!report.find()) {
                throw new MeasureException("the load was not reported:\n" + output);
            }
            if (!report.group(5).equals("0") || report.group(1).equals("0")) {
                throw new MeasureException("not every request was answered as it should be:\n" + output);
            }
            return new Seen(
                    Long.parseLong(report.group(1)),
                    Long.parseLong(report.group(2)) / 1e6,
                    Double.parseDouble(report.group(3)) / 1000,
                    Double.parseDouble(report.group(4)) / 1000);
        }
    }
}
