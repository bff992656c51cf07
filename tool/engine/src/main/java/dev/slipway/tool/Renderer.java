package dev.slipway.tool;

import dev.slipway.tool.Manifest.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// From a template and answers to a project: a pure function, the same bytes for the same input for ever.
///
/// For each file of the template and of the common parts: leave it out if its feature is off; then, if it is text, take out regions, replace literals,
/// rename tokens, and sort the imports of Java.
public final class Renderer {

    /// Before the path of a common part in a lock.
    private static final String PARTS = "{parts}/";

    private Renderer() {}

    /// @throws Refusal if two files would land on one path
    public static Tree render(Bundle template, Answers answers) {
        var files = new TreeMap<String, Tree.File>();
        List<Problem> problems = new ArrayList<>();
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
            throw new Refusal(Refusal.Cause.REQUEST, problems);
        }
        return new Tree(files);
    }

    private static void add(
            Map<String, Tree.File> files,
            List<Problem> problems,
            Bundle source,
            String prefix,
            Renaming renaming,
            Answers answers) {
        Manifest manifest = source.manifest();
        Renaming placeholders = Renaming.toPlaceholders(manifest);
        var leftOut = new LeftOut(source, answers.features());
        for (Entry entry : source.entries()) {
            if (!manifest.hasFile(answers.features(), entry.path())) {
                continue;
            }
            var file = new Tree.File(
                    content(manifest, answers, leftOut, renaming, entry),
                    entry.executable(),
                    prefix + placeholders.path(entry.path()),
                    manifest.ownershipOf(entry.path()));
            String path = renaming.path(entry.path());
            if (files.put(path, file) != null) {
                problems.add(new Problem("two files would become '" + path + "'", "Choose another name or resource"));
            }
        }
    }

    private static Content content(
            Manifest manifest, Answers answers, LeftOut leftOut, Renaming renaming, Entry entry) {
        Optional<String> text = entry.content().text();
        if (text.isEmpty()) {
            return entry.content();
        }
        String kept = leftOut.from(entry.path(), Regions.apply(entry.path(), text.get(), answers.features()));
        for (Literal literal : manifest.literals()) {
            if (literal.in().equals(entry.path())) {
                kept = kept.replace(literal.from(), literal.to());
            }
        }
        String renamed = renaming.text(entry.path(), kept);
        return Content.of(entry.path().endsWith(".java") ? Imports.sort(renamed) : renamed);
    }
}
