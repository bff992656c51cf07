package dev.slipway.tool;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a path inside a bundle or a rendered tree may look like, so that it stays inside on every system.
final class PathRules {

    private static final int LONGEST = 240;
    private static final Pattern WINDOWS_DEVICE = Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

    private PathRules() {}

    /// Says what is wrong with the path, if anything.
    static Optional<String> problem(String path) {
        String shown = "path '" + shown(path) + "' ";
        if (path.isEmpty() || path.length() > LONGEST) {
            return Optional.of(shown + "is empty or longer than " + LONGEST + " characters");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return Optional.of(shown + "contains a control character");
        }
        if (path.startsWith("/") || path.contains("\\") || path.contains(":")) {
            return Optional.of(shown + "is absolute, names a drive or contains a backslash");
        }
        if (!Normalizer.isNormalized(path, Normalizer.Form.NFC)) {
            return Optional.of(shown + "is not in Unicode normal form C");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of(shown + "contains an empty segment, '.' or '..'");
            }
            if (segment.endsWith(".")
                    || segment.endsWith(" ")
                    || WINDOWS_DEVICE.matcher(segment).matches()) {
                return Optional.of(shown + "contains a name that Windows cannot hold");
            }
            if (segment.equalsIgnoreCase(".git")) {
                return Optional.of(shown + "reaches into .git, where hooks would run");
            }
        }
        return Optional.empty();
    }

    /// Fit to print: a hostile name must not steer a terminal.
    static String shown(String path) {
        return path.replaceAll("\\p{Cntrl}", "?");
    }

    /// Says which paths would be one file on a file system that ignores case, or a file and a folder at once.
    static List<String> collisions(Collection<String> paths) {
        Map<String, String> files = new HashMap<>();
        List<String> found = new ArrayList<>();
        for (String path : paths) {
            String first = files.putIfAbsent(path.toLowerCase(Locale.ROOT), path);
            if (first != null) {
                found.add("paths '" + first + "' and '" + path + "' differ only in case or are the same");
            }
        }
        Map<String, String> folders = new HashMap<>();
        for (String path : paths) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                String folder = path.substring(0, slash);
                String key = folder.toLowerCase(Locale.ROOT);
                if (files.containsKey(key)) {
                    found.add("path '" + files.get(key) + "' is a file and a folder at once");
                }
                String first = folders.putIfAbsent(key, folder);
                if (first != null && !first.equals(folder)) {
                    found.add("folders '" + first + "' and '" + folder + "' differ only in case");
                }
            }
        }
        return found.stream().distinct().toList();
    }
}
