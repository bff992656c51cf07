package dev.slipway.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A request of an `.http` file, which editors send: after a line that begins with `###` the method and the address
/// behind `{{host}}`, then headers, an empty line, and the body. Lines that begin with `#` are comments. Immutable.
///
/// @param path with its query
/// @param body empty if there is none
public record HttpExample(String method, String path, Map<String, String> headers, String body) {
    private static final Pattern BEGIN = Pattern.compile("(?m)^###.*$");
    private static final Pattern COMMENT = Pattern.compile("(?m)^#.*\\R?");
    private static final Pattern REQUEST = Pattern.compile("([A-Z]+) \\{\\{host}}(/\\S*)");

    public HttpExample {
        headers = Map.copyOf(headers);
    }

    /// The `.http` files below a folder, by their names; none if there is no such folder.
    public static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        // The folder may be a link.
        try (var files = Files.walk(folder.toRealPath())) {
            return files.filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .toList();
        }
    }

    /// All of a file, in their order.
    ///
    /// @throws IllegalArgumentException if a request is none
    public static List<HttpExample> in(Path file) throws IOException {
        return BEGIN.splitAsStream(Files.readString(file))
                .skip(1)
                .map(text -> parsed(COMMENT.matcher(text).replaceAll("").strip()))
                .toList();
    }

    private static HttpExample parsed(String text) {
        var parts = text.split("\\R\\R", 2);
        var lines = parts[0].lines().toList();
        var first = REQUEST.matcher(lines.isEmpty() ? "" : lines.getFirst());
        if (!first.matches()) {
            throw new IllegalArgumentException("this is no request: " + text);
        }
        var headers = new LinkedHashMap<String, String>();
        lines.stream().skip(1).map(line -> line.split(": *", 2)).forEach(header -> headers.put(header[0], header[1]));
        return new HttpExample(first.group(1), first.group(2), headers, parts.length == 2 ? parts[1] : "");
    }

    /// The same with a value for `{{variable}}`.
    public HttpExample with(String variable, String value) {
        var place = "{{" + variable + "}}";
        var filled = new LinkedHashMap<String, String>();
        headers.forEach((name, text) -> filled.put(name, text.replace(place, value)));
        return new HttpExample(method, path.replace(place, value), filled, body.replace(place, value));
    }
}
