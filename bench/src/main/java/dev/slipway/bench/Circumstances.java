package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/// What a reader must know of a saved result, without what would name the machine.
record Circumstances(String command, String commit, LocalDate date, String processor, int cores, String java) {

    static Circumstances of(Path root, Options options, Children children) throws IOException, InterruptedException {
        var commit = children.run(List.of("git", "rev-parse", "--short", "HEAD"), root)
                .strip();
        var changed = !children.run(List.of("git", "status", "--porcelain", "--untracked-files=no"), root)
                .isBlank();
        return new Circumstances(
                options.command(),
                commit + (changed ? " with changes" : ""),
                LocalDate.now(ZoneOffset.UTC),
                processor(Files.readString(Path.of("/proc/cpuinfo"))),
                Cores.ofThisProcess().numbers().size(),
                Runtime.version().toString());
    }

    /// @param text of `/proc/cpuinfo`
    static String processor(String text) {
        return text.lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }

    String heading(String title) {
        return """
                # %s

                `%s` on %s, commit %s; %s, %s cores, Java %s.

                """.formatted(title, command, date, commit, processor, cores, java);
    }
}
