import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Formats every Java file below the given folders in palantir's style, or says which are not.
///
/// Markdown doc comments are moved with their code, and otherwise left alone.
///
/// `Format --check DIR…` ends with 1 and lists the files to format; `Format --write DIR…` rewrites them. A file that
/// cannot be parsed is an error in both.
public final class Format {
    private static final Set<String> SKIPPED = Set.of("target", "node_modules");
    private static final Pattern DOC = Pattern.compile("(?m)(?<=^\\h{0,200})///(.*)$");
    private static final Pattern HIDDEN_DOC = Pattern.compile("/// :(\\d+):");
    private static final String FIX = "mvn -q -pl build/format verify -Dformat=write";

    private Format() {}

    public static void main(String[] arguments) throws IOException {
        var words = List.of(arguments);
        if (words.size() < 2 || !Set.of("--check", "--write").contains(words.getFirst())) {
            System.err.println("usage: Format --check|--write DIR…");
            System.exit(2);
        }
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        var write = words.getFirst().equals("--write");
        var files = new ArrayList<Path>();
        for (var folder : words.subList(1, words.size())) {
            files.addAll(javaFiles(Path.of(folder).toRealPath()));
        }
        if (files.isEmpty()) {
            System.err.println("no Java files below " + words.subList(1, words.size()));
            System.exit(2);
        }
        var outcomes = files.parallelStream().collect(Collectors.groupingBy(file -> format(formatter, file, write)));
        var changed = outcomes.getOrDefault(Outcome.CHANGED, List.of());
        changed.forEach(file -> System.err.println((write ? "formatted " : "badly formatted: ") + file));
        if (!write && !changed.isEmpty()) {
            System.err.println("To format: " + FIX);
        }
        System.exit(outcomes.containsKey(Outcome.UNREADABLE) || (!write && !changed.isEmpty()) ? 1 : 0);
    }

    private enum Outcome {
        SAME,
        CHANGED,
        UNREADABLE
    }

    private static Outcome format(Formatter formatter, Path file, boolean write) {
        try {
            var before = Files.readString(file);
            var after = formatKeepingDocs(formatter, formatter.fixImports(before));
            if (after.equals(before)) {
                return Outcome.SAME;
            }
            if (write) {
                Files.writeString(file, after);
            }
            return Outcome.CHANGED;
        } catch (FormatterException | IOException e) {
            System.err.println(file + ":" + e.getMessage());
            return Outcome.UNREADABLE;
        }
    }

    /// The formatter wraps some `///` lines of legal length, and leaves the rest of the line outside the comment: it gets
    /// to see a number in place of each line's text.
    private static String formatKeepingDocs(Formatter formatter, String source) throws FormatterException {
        var texts = new ArrayList<String>();
        var hidden = DOC.matcher(source).replaceAll(line -> {
            texts.add(line.group(1).stripTrailing());
            return "/// :" + (texts.size() - 1) + ":";
        });
        return HIDDEN_DOC
                .matcher(formatter.formatSource(hidden))
                .replaceAll(line -> Matcher.quoteReplacement("///" + texts.get(Integer.parseInt(line.group(1)))));
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                var name = folder.getFileName().toString();
                var skipped = !folder.equals(root) && (SKIPPED.contains(name) || name.startsWith("."));
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java") && attributes.isRegularFile()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
