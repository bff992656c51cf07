package dev.slipway.telemetry;

import dev.slipway.core.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/// How much a service tells.
///
/// Levels are the process's: of several services in one JVM, the one that was assembled last decides.
///
/// @param levels `logger=level`, where a logger is a package or class; in a list, so that one variable can hold it
/// @param maxSeries how many combinations of tag values one meter may have, and as many again that calls bring along; further
///     ones are counted together as `other`
public record TelemetrySettings(
        @Setting(about = "The least level that is logged", byDefault = "info")
        Level level,

        @Setting(about = "Levels of single loggers, each as logger=level")
        List<String> levels,

        @Setting(
                about = "Combinations of tag values that one meter may have",
                byDefault = "1000",
                least = "1",
                most = "100_000")
        int maxSeries) {

    public TelemetrySettings {
        levels = List.copyOf(levels);
        levels.forEach(TelemetrySettings::check);
    }

    /// What holds if nothing is set.
    public static TelemetrySettings defaults() {
        return new TelemetrySettings(Level.INFO, List.of(), 1000);
    }

    Map<String, Level> byLogger() {
        return levels.stream()
                .map(text -> text.split("="))
                .collect(Collectors.toUnmodifiableMap(
                        pair -> pair[0].strip(),
                        pair -> Level.valueOf(pair[1].strip().toUpperCase(Locale.ROOT)),
                        (first, last) -> last));
    }

    private static void check(String text) {
        if (!text.matches("(?i)\\s*[\\w.$]+\\s*=\\s*(trace|debug|info|warn|error)\\s*")) {
            throw new IllegalArgumentException(
                    "levels: \"" + text + "\" is not logger=level with trace, debug, info, warn or error");
        }
    }
}
