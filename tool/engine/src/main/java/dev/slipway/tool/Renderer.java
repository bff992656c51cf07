package dev.slipway.tool;

import dev.slipway.tool.Manifest.Literal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// From a template and answers to a project: a pure function, the same bytes for the same input for ever.
///
/// For each file of the template and of the common parts: leave it out if its feature is off; then, if it is text, take
/// out regions, replace literals, write what would clash with the new names so that it does not, rename tokens, and sort
/// the imports of Java.
public final class Renderer {

    /// Before the path of a common part in a lock.
    private static final String PARTS = "{parts}/";

    /// PostgreSQL cuts longer names off, without an error.
    private static final Pattern LONG_FOR_SQL = Pattern.compile("\\b[A-Za-z_]\\w{63,}");

    private Renderer() {}

    /// @throws GenerationException if two files would land on one path, or the resource's names would clash with the template's
    public static Tree render(Bundle template, Answers answers) {
        var files = new TreeMap<String, Tree.File>();
        var problems = new LinkedHashSet<Problem>();
        add(files, problems, template, "", Renaming.of(template.manifest(), answers), answers);
        template.parts()
                .ifPresent(parts -> add(
                        files,
                        problems,
                        parts,
                        PARTS,
                        Renaming.of(
                                parts.manifest(), answers, template.manifest().identity()),
                        answers));
        if (!problems.isEmpty()) {
            throw new GenerationException(GenerationException.Cause.REQUEST, List.copyOf(problems));
        }
        return new Tree(files);
    }

    private static void add(
            Map<String, Tree.File> files,
            Set<Problem> problems,
            Bundle source,
            String prefix,
            Renaming renaming,
            Answers answers) {
        Manifest manifest = source.manifest();
        Renaming placeholders = Renaming.toPlaceholders(manifest);
        List<Entry> entries = source.entries().stream()
                .filter(entry -> manifest.hasFile(answers.features(), entry.path()))
                .toList();
        var leftOut = new LeftOut(source, answers.features());
        var texts = new TreeMap<String, String>();
        for (Entry entry : entries) {
            entry.content()
                    .text()
                    .ifPresent(text -> texts.put(entry.path(), kept(manifest, answers, leftOut, entry, text)));
        }
        Clashes clashes = Clashes.find(renaming, answers.resource().isPresent() ? texts : new TreeMap<>());
        clashes.problems().forEach(why -> problems.add(unusable(answers, why)));
        for (Entry entry : entries) {
            String text = texts.get(entry.path());
            Content content = text == null
                    ? entry.content()
                    : renamed(renaming, entry.path(), clashes.disambiguate(entry.path(), text));
            var file = new Tree.File(
                    content,
                    entry.executable(),
                    prefix + placeholders.path(entry.path()),
                    manifest.ownershipOf(entry.path()));
            String path = renaming.path(entry.path());
            if (files.put(path, file) != null) {
                problems.add(new Problem("two files would become '" + path + "'", "Choose another name or resource"));
            }
            if (path.endsWith(".sql")) {
                LONG_FOR_SQL
                        .matcher(content.toString())
                        .results()
                        .map(name -> "PostgreSQL keeps 63 characters of a name, and " + name.group() + " has more")
                        .forEach(why -> problems.add(unusable(answers, why)));
            }
        }
    }

    private static Problem unusable(Answers answers, String why) {
        String name =
                answers.resource().map(resource -> resource.one().pascal()).orElse("");
        return new Problem(
                "resource '" + name + "' cannot be used: " + why, "Choose another, for example Customer" + name);
    }

    private static String kept(Manifest manifest, Answers answers, LeftOut leftOut, Entry entry, String text) {
        String kept = leftOut.from(entry.path(), Regions.apply(entry.path(), text, answers.features()));
        for (Literal literal : manifest.literals()) {
            if (literal.in().equals(entry.path())) {
                kept = kept.replace(literal.from(), literal.to());
            }
        }
        return kept;
    }

    private static Content renamed(Renaming renaming, String path, String text) {
        String renamed = renaming.text(path, text);
        return Content.of(path.endsWith(".java") ? Imports.sort(renamed) : renamed);
    }
}
