package dev.slipway.tool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A project as it would be written: files by path, sorted; immutable.
///
/// @param files no two paths differ only in case, and none leads outside
public record Tree(SortedMap<String, File> files) {

    public Tree {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        List<Problem> problems = new ArrayList<>();
        for (String path : files.keySet()) {
            PathRules.problem(path).ifPresent(what -> problems.add(new Problem(what, "Shorten or change the answers")));
        }
        for (String collision : PathRules.collisions(files.keySet())) {
            problems.add(new Problem(collision, "Choose another name or resource"));
        }
        if (!problems.isEmpty()) {
            throw new GenerationException(GenerationException.Cause.REQUEST, problems);
        }
    }

    /// One rendered file.
    ///
    /// @param from its path in the template, with the names of tokens for the template's own names
    public record File(Content content, boolean executable, String from, Ownership ownership) {}

    public Collection<String> paths() {
        return files.keySet();
    }

    /// Whether its POM leaves open where the chassis is; see [Chassis#supply].
    public boolean asksForChassis() {
        return ProjectPom.asksForChassis(this);
    }

    /// This and one file more.
    Tree with(String path, File file) {
        return with(Map.of(path, file));
    }

    /// This and some files more, or instead of those of the same paths.
    Tree with(Map<String, File> others) {
        var more = new TreeMap<>(files);
        more.putAll(others);
        return new Tree(more);
    }
}
