package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A description of the service that is kept under version control, and the gate in front of it: one for all protocols.
///
/// `-Dapi.update` writes the file anew, but never over one whose clients the change would break.
final class KeptFile {
    private KeptFile() {}

    /// Whether two texts have the same lines of the same words, in any order: in a derived service names sort differently.
    static boolean haveSameLines(String left, String right) {
        return lines(left).equals(lines(right));
    }

    private static List<List<String>> lines(String text) {
        return text.lines()
                .map(line -> Stream.of(line.split(" ")).sorted().toList())
                .sorted(Comparator.comparing(Object::toString))
                .toList();
    }

    /// @param breakages what clients of the first text would miss in the second
    static void guard(
            Path file,
            String current,
            BiPredicate<String, String> same,
            BiFunction<String, String, List<String>> breakages) {
        guard(file, kept -> current, same, breakages);
    }

    /// @param describe what the file should say, given what it says
    static void guard(
            Path file,
            UnaryOperator<String> describe,
            BiPredicate<String, String> same,
            BiFunction<String, String, List<String>> breakages) {
        try {
            var kept = Files.exists(file) ? Files.readString(file) : "";
            var current = describe.apply(kept);
            if (!kept.isBlank()) {
                assertThat(breakages.apply(kept, current))
                        .as(
                                "what breaks clients of %s; make a new version, or delete the file if it has none yet",
                                file)
                        .isEmpty();
            }
            if (System.getProperty("api.update") != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, current);
            } else if (!same.test(kept, current)) {
                assertThat(kept)
                        .as("%s is not what the service serves; run the tests with -Dapi.update and commit it", file)
                        .isEqualTo(current);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
