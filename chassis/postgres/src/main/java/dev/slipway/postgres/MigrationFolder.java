package dev.slipway.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The migrations of one part of a schema, numbered from 1: `V001__create_widgets.sql` and, to take it back,
/// `V001__create_widgets.down.sql`.
///
/// @param part whose they are; each part has version numbers of its own
record MigrationFolder(String part, List<Migration> migrations) {
    private static final Pattern NAME = Pattern.compile("V(\\d{3})__([a-z0-9_]+?)(\\.down)?\\.sql");

    MigrationFolder {
        migrations = List.copyOf(migrations);
    }

    int newest() {
        return migrations.size();
    }

    /// Reads a folder of resources beside a class: no other folder of that name on the class path is seen.
    ///
    /// @param errors takes what is wrong with the folder
    static MigrationFolder read(String part, Class<?> beside, String folder, List<String> errors) {
        var ups = new TreeMap<Integer, Migration>();
        var downs = new HashMap<String, String>();
        for (var file : list(beside, folder)) {
            var name = NAME.matcher(file);
            if (!name.matches()) {
                errors.add(file + " in " + folder + ": migrations are called V001__create_widgets.sql, and to take"
                        + " one back V001__create_widgets.down.sql");
                continue;
            }
            var version = Integer.parseInt(name.group(1));
            var text = read(beside, folder + "/" + file);
            Migration.transactionControl(text)
                    .ifPresent(statement -> errors.add("%s in %s: leave out %s; each migration runs in a transaction"
                            .formatted(file, folder, statement)));
            if (name.group(3) != null) {
                downs.put(file, text);
            } else {
                var twin = ups.putIfAbsent(version, new Migration(version, name.group(2), text, Optional.empty()));
                if (twin != null) {
                    errors.add(file + " in " + folder + ": the number is taken by " + twin.file());
                }
            }
        }
        var migrations = new ArrayList<Migration>();
        for (var up : ups.values()) {
            var down = Optional.ofNullable(downs.remove(up.file().replace(".sql", ".down.sql")));
            migrations.add(new Migration(up.version(), up.name(), up.up(), down));
            if (up.version() != migrations.size()) {
                errors.add(String.format(
                        Locale.ROOT,
                        "%s in %s: number %03d is missing before it",
                        up.file(),
                        folder,
                        up.version() - 1));
                break;
            }
        }
        downs.keySet()
                .forEach(file -> errors.add(file + " in " + folder + ": there is nothing of its name to take back"));
        return new MigrationFolder(part, migrations);
    }

    private static List<String> list(Class<?> beside, String folder) {
        var url = beside.getResource(folder);
        if (url == null) {
            return List.of();
        }
        try {
            if (url.openConnection() instanceof JarURLConnection inJar) {
                inJar.setUseCaches(false);
                try (var jar = inJar.getJarFile()) {
                    var prefix = inJar.getEntryName().replaceAll("/?$", "/");
                    return jar.stream()
                            .map(entry -> entry.getName())
                            .filter(entry -> entry.startsWith(prefix) && entry.indexOf('/', prefix.length()) < 0)
                            .map(entry -> entry.substring(prefix.length()))
                            .filter(file -> isSql(file))
                            .sorted()
                            .toList();
                }
            }
            try (var files = Files.list(Path.of(URI.create(url.toString())))) {
                return files.map(file -> String.valueOf(file.getFileName()))
                        .filter(file -> isSql(file))
                        .sorted()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whatever its case: one that is overlooked is worse than one that is refused.
    private static boolean isSql(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".sql");
    }

    /// Without the byte order mark that some editors put before the text.
    private static String read(Class<?> beside, String resource) {
        try (var stream = beside.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " vanished");
            }
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
