package dev.slipway.tool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Marked lines: `// slipway:kafka` … `// slipway:end`, and the same after `#` or within `<!-- -->`; or one line that ends
/// with `<!-- slipway:kafka -->`.
///
/// A region goes when its feature is off; the markers always go. Regions may be nested. With a region of a Java file
/// go the imports that only it needed, so that they stand among the others, unmarked. Text is removed, never parsed and
/// written back.
final class Regions {

    private static final Pattern MARKER =
            Pattern.compile("[ \\t]*(?://|#|<!--)[ \\t]*slipway:([a-z][a-z0-9-]*)[ \\t]*(?:-->)?[ \\t]*\\R?");

    /// A line of Markdown, where a marker on a line of its own would break a table.
    private static final Pattern MARKED_LINE =
            Pattern.compile("(.*\\S)[ \\t]*<!--[ \\t]*slipway:([a-z][a-z0-9-]*)[ \\t]*-->[ \\t]*(\\R?)");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);\\R");

    private static final Pattern LINE = Pattern.compile(".*\\R?");
    private static final String END = "end";

    private Regions() {}

    static boolean in(String text) {
        return text.contains("slipway:")
                && LINE.matcher(text)
                        .results()
                        .anyMatch(line -> MARKER.matcher(line.group()).matches()
                                || MARKED_LINE.matcher(line.group()).matches());
    }

    /// The features that have a region in the text, one mention for each region.
    static List<String> names(String text) {
        return LINE.matcher(text)
                .results()
                .map(MatchResult::group)
                .flatMap(Regions::name)
                .filter(name -> !name.equals(END))
                .toList();
    }

    private static Stream<String> name(String line) {
        Matcher marker = MARKER.matcher(line);
        Matcher marked = MARKED_LINE.matcher(line);
        return marker.matches()
                ? Stream.of(marker.group(1))
                : marked.matches() ? Stream.of(marked.group(2)) : Stream.empty();
    }

    /// @throws GenerationException if a region is not closed, or closed without having been opened
    static String apply(String path, String text, Set<String> features) {
        if (!in(text)) {
            return text;
        }
        var kept = new StringBuilder();
        Deque<String> open = new ArrayDeque<>();
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            Matcher marker = MARKER.matcher(line.group());
            if (!marker.matches()) {
                Matcher marked = MARKED_LINE.matcher(line.group());
                boolean wanted = !marked.matches() || features.contains(marked.group(2));
                if (wanted && open.stream().allMatch(features::contains)) {
                    kept.append(marked.matches() ? marked.group(1) + marked.group(3) : line.group());
                }
            } else if (!marker.group(1).equals(END)) {
                open.push(marker.group(1));
            } else if (open.poll() == null) {
                throw unbalanced(path, "is closed but was not opened");
            }
        }
        if (!open.isEmpty()) {
            throw unbalanced(path, "'" + open.peek() + "' is not closed");
        }
        String whole = kept.toString();
        return path.endsWith(".java") ? withoutOrphans(text, whole) : whole;
    }

    /// Without the imports that only what went had needed.
    ///
    /// @param before the text with its regions
    static String withoutOrphans(String before, String kept) {
        return IMPORT.matcher(kept)
                .replaceAll(line -> uses(before, line.group(1)) > 1 && uses(kept, line.group(1)) == 1
                        ? ""
                        : Matcher.quoteReplacement(line.group()));
    }

    private static long uses(String text, String name) {
        return Pattern.compile("\\b" + name + "\\b").matcher(text).results().count();
    }

    private static GenerationException unbalanced(String path, String what) {
        return new GenerationException(
                GenerationException.Cause.TEMPLATE, path + ": a region " + what, "Pair slipway:NAME with slipway:end");
    }
}
