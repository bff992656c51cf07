package dev.slipway.bench;

import dev.slipway.testing.DevelopmentTokens;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// The load generator wrk: each request reads the profile of one of many users, with a token of that user.
///
/// @param script tells wrk what to send and how to report
record Load(Path script, Children children) {
    static final int CONNECTIONS = 64;

    private static final Pattern REPORT =
            Pattern.compile("report requests=(\\d+) micros=(\\d+) p50=([\\d.]+) p99=([\\d.]+) errors=(\\d+)");

    /// What one run of wrk has seen.
    ///
    /// @param p50 in milliseconds, as the p99
    record Seen(long requests, double seconds, double p50, double p99) {
        double rate() {
            return requests / seconds;
        }
    }

    /// Its tokens last an hour.
    static Load of(List<String> users, Path folder, Children children) throws IOException {
        var lua = new StringBuilder("local targets = {\n");
        for (var user : users) {
            lua.append("  {\"/v1/users/%s\", \"%s\"},\n"
                    .formatted(user, DevelopmentTokens.token(user, List.of(), Instant.now())));
        }
        lua.append("}\n");
        try (InputStream rest = Objects.requireNonNull(Load.class.getResourceAsStream("load.lua"))) {
            lua.append(new String(rest.readAllBytes(), StandardCharsets.UTF_8));
        }
        return new Load(Files.writeString(folder.resolve("load.lua"), lua), children);
    }

    /// Load that is not measured. Its first requests meet a cold JVM, and may time out on a busy machine.
    void warmUp(int port, int seconds) throws IOException, InterruptedException {
        send(port, seconds);
    }

    /// @throws MeasureException if a single answer was not a 200
    Seen run(int port, int seconds) throws IOException, InterruptedException {
        return parse(send(port, seconds));
    }

    private String send(int port, int seconds) throws IOException, InterruptedException {
        var command = List.of(
                "wrk",
                "--latency",
                "--threads=1",
                "--connections=" + CONNECTIONS,
                "--duration=" + seconds + "s",
                "--timeout=5s",
                "--script=" + script,
                "http://127.0.0.1:" + port);
        return children.run(command, script.toAbsolutePath().resolveSibling("."));
    }

    static Seen parse(String output) {
        var report = REPORT.matcher(output);
        if (!report.find()) {
            throw new MeasureException("wrk did not report:\n" + output);
        }
        if (!report.group(5).equals("0") || report.group(1).equals("0")) {
            throw new MeasureException("not every request was answered with 200:\n" + output);
        }
        return new Seen(
                Long.parseLong(report.group(1)),
                Long.parseLong(report.group(2)) / 1e6,
                Double.parseDouble(report.group(3)) / 1000,
                Double.parseDouble(report.group(4)) / 1000);
    }
}
