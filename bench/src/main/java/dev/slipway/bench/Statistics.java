package dev.slipway.bench;

import java.util.List;
import java.util.stream.IntStream;

/// What is said of a row of figures.
final class Statistics {
    private Statistics() {}

    /// The middle one in order, or the mean of the two in the middle.
    static double median(List<Double> values) {
        return percentile(values, 50);
    }

    /// With linear interpolation between the two nearest values.
    ///
    /// @param percent 0 for the least value, 100 for the greatest
    static double percentile(List<Double> values, double percent) {
        if (values.isEmpty() || percent < 0 || percent > 100) {
            throw new IllegalArgumentException("no percentile %s of %s values".formatted(percent, values.size()));
        }
        var sorted = values.stream().sorted().toList();
        var position = percent / 100 * (sorted.size() - 1);
        var below = sorted.get((int) Math.floor(position));
        var above = sorted.get((int) Math.ceil(position));
        return below + (above - below) * (position - Math.floor(position));
    }

    /// The median of each round's ratio. What disturbs the machine for a while disturbs both sides of a round, and so
    /// shows less in it than in the ratio of two medians.
    static double ratio(List<Double> values, List<Double> references) {
        if (values.size() != references.size()) {
            throw new IllegalArgumentException("%s values, %s references".formatted(values.size(), references.size()));
        }
        return median(IntStream.range(0, values.size())
                .mapToObj(round -> values.get(round) / references.get(round))
                .toList());
    }
}
