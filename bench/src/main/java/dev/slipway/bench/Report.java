package dev.slipway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A result as a Markdown table, which reads well on a terminal, too.
final class Report {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /// What a figure must reach.
    ///
    /// @param bound the least value if `atLeast`, else the greatest
    record Goal(String text, double bound, boolean atLeast) {
        String verdict(double value) {
            var met = atLeast ? value >= bound : value <= bound;
            return text + (met ? ", met" : ", missed");
        }
    }

    /// @param heads of the columns; the first stands over what the rows are called
    Report(String... heads) {
        rows.add(List.of(heads));
    }

    Report row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row of %s cells".formatted(cells.length));
        }
        rows.add(List.of(cells));
        return this;
    }

    /// A row of two sides, round by round, with their ratio.
    ///
    /// @param format of one value
    Report sides(String what, String format, List<Double> twin, List<Double> service, Optional<Goal> ratioGoal) {
        var ratio = Statistics.ratio(service, twin);
        return row(
                what,
                number(format, Statistics.median(twin)),
                number(format, Statistics.median(service)),
                number("%.2f", ratio),
                ratioGoal.map(goal -> goal.verdict(ratio)).orElse(""));
    }

    Report note(String text) {
        notes.add(text);
        return this;
    }

    String markdown() {
        var text = new StringBuilder();
        for (var row = 0; row < rows.size(); row++) {
            text.append('|');
            for (var column = 0; column < rows.get(row).size(); column++) {
                var cell = rows.get(row).get(column);
                var padding = " ".repeat(width(column) - cell.length());
                text.append(' ')
                        .append(column == 0 ? cell + padding : padding + cell)
                        .append(" |");
            }
            text.append('\n');
            if (row == 0) {
                text.append('|');
                for (var column = 0; column < rows.getFirst().size(); column++) {
                    text.append("-".repeat(width(column) + 1)).append(column == 0 ? "-|" : ":|");
                }
                text.append('\n');
            }
        }
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
