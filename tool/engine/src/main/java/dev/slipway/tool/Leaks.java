package dev.slipway.tool;

import dev.slipway.tool.Manifest.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what a render left of the template's own names; meant for renders with [#oddRequest].
public final class Leaks {

    /// In a hash, a token stands by chance.
    private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{64}\\b");

    private Leaks() {}

    /// One place where a token is left.
    ///
    /// @param line counted from 1; 0 if it is in the path
    public record Leak(String path, int line, String token) {
        @Override
        public String toString() {
            return path + (line == 0 ? "" : ":" + line) + ": " + token;
        }
    }

    /// A request with names that occur nowhere by chance: several words, another depth of packages, another port.
    public static Request oddRequest(Manifest manifest) {
        return new Request(
                "zyx-qwv",
                Optional.of("org.zzyx"),
                Optional.of("org.zzyx.deep.qwv"),
                manifest.resource().map(token -> "QuuxFrob"),
                manifest.identity().port().isPresent() ? OptionalInt.of(23_457) : OptionalInt.empty(),
                Optional.empty(),
                List.of());
    }

    /// Every occurrence of a source token, whatever its case and whatever stands beside it, in paths and contents.
    /// Only ports are searched as whole numbers, and not within hashes.
    public static List<Leak> find(Tree tree, Bundle template) {
        Pattern tokens = tokens(template);
        List<Leak> leaks = new ArrayList<>();
        for (Map.Entry<String, Tree.File> file : tree.files().entrySet()) {
            search(leaks, tokens, file.getKey(), 0, file.getKey());
            int number = 0;
            for (String line : readable(file.getValue().content()).split("\n", -1)) {
                search(
                        leaks,
                        tokens,
                        file.getKey(),
                        ++number,
                        HASH.matcher(line).replaceAll(""));
            }
        }
        return leaks;
    }

    private static void search(List<Leak> leaks, Pattern tokens, String path, int number, String text) {
        Matcher found = tokens.matcher(text);
        while (found.find()) {
            leaks.add(new Leak(path, number, found.group()));
        }
    }

    /// A binary file is searched too, byte by byte.
    private static String readable(Content content) {
        var bytes = new ByteArrayOutputStream();
        return content.text().orElseGet(() -> {
            try {
                content.writeTo(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        });
    }

    private static Pattern tokens(Bundle template) {
        List<String> tokens = new ArrayList<>();
        addTokens(tokens, template.manifest());
        template.parts().ifPresent(parts -> addTokens(tokens, parts.manifest()));
        tokens.sort(Comparator.comparingInt(String::length).reversed());
        return Pattern.compile(String.join("|", tokens), Pattern.CASE_INSENSITIVE);
    }

    private static void addTokens(List<String> tokens, Manifest manifest) {
        Identity identity = manifest.identity();
        for (String dotted : List.of(identity.packageName(), identity.groupId())) {
            tokens.add(Pattern.quote(dotted));
            tokens.add(Pattern.quote(dotted.replace('.', '/')));
        }
        tokens.add(Pattern.quote(identity.artifact()));
        tokens.add(Pattern.quote(identity.app()));
        tokens.add(Pattern.quote(identity.env()));
        identity.database().map(Pattern::quote).ifPresent(tokens::add);
        identity.titleWords().map(Pattern::quote).ifPresent(tokens::add);
        for (var port : List.of(identity.port(), identity.managementPort(), identity.grpcPort())) {
            port.ifPresent(number -> tokens.add("(?<![0-9a-f])" + number + "(?![0-9a-f])"));
        }
        manifest.resource().ifPresent(resource -> {
            tokens.add(Pattern.quote(resource.name().toLowerCase(Locale.ROOT)));
            tokens.add(Pattern.quote(resource.plural()));
        });
    }
}
