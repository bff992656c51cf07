package dev.slipway.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A template: its files and its manifest, and the common parts that it includes; immutable, checked on the way in.
public final class Bundle {

    static final int MOST_ENTRIES = 5_000;
    static final int LARGEST_ENTRY = 4 * 1024 * 1024;
    static final long LARGEST_TOTAL = 64L * 1024 * 1024;

    /// What builds, editors and running leave behind.
    private static final Set<String> LEFT_OUT =
            Set.of("target", ".git", ".slipway", ".idea", ".settings", ".classpath", ".project", ".DS_Store");

    private static final Pattern LEFT_OUT_FILES =
            Pattern.compile("(.*/)?(.*\\.(iml|class|log|aot|jsa|swp)|.*~|\\.vscode/(?!launch\\.json$).*)");

    private final List<Entry> entries;
    private final Content manifestFile;
    private final Manifest manifest;
    private final Optional<Bundle> parts;

    private Bundle(List<Entry> entries, Content manifestFile, String source) {
        this.entries =
                entries.stream().sorted(Comparator.comparing(Entry::path)).toList();
        this.manifestFile = manifestFile;
        List<String> collisions =
                PathRules.collisions(this.entries.stream().map(Entry::path).toList());
        if (!collisions.isEmpty()) {
            throw unsafe(String.join("; ", collisions));
        }
        this.manifest = Manifest.read(
                source + "/" + Manifest.FILE,
                manifestFile.text().orElseThrow(() -> unsafe("its manifest is not a text")));
        this.parts = Optional.empty();
    }

    private Bundle(Bundle own, Bundle parts) {
        this.entries = own.entries;
        this.manifest = own.manifest.with(parts.manifest);
        this.manifestFile = own.manifestFile;
        this.parts = Optional.of(parts);
    }

    /// Takes a folder of this repository as a template, without what builds, editors and running leave behind.
    ///
    /// @throws GenerationException if it has no manifest or one that is wrong, or holds symbolic links or too much
    public static Bundle ofDirectory(Path folder) {
        try {
            return of(new Folder(folder).read(), folder.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the template in " + folder, e);
        }
    }

    /// Takes a zip or jar as a template. Nothing is written to disk.
    ///
    /// @throws GenerationException if anything in it tries to escape, collide, link or bomb
    public static Bundle ofArchive(Path archive) {
        try {
            return of(Archive.read(archive), archive.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the bundle " + archive, e);
        }
    }

    /// The same template with what every project carries: files under names of their own, which are replaced as its own
    /// are, and features.
    public Bundle including(Bundle common) {
        return new Bundle(this, common);
    }

    static Bundle of(List<Entry> all, String source) {
        var manifestFile = all.stream()
                .filter(entry -> entry.path().equals(Manifest.FILE))
                .findFirst()
                .orElseThrow(() -> new GenerationException(
                        GenerationException.Cause.TEMPLATE,
                        source + " is not a template: it has no " + Manifest.FILE,
                        "Add the manifest, or name another folder"));
        return new Bundle(
                all.stream()
                        .filter(entry -> !entry.path().equals(Manifest.FILE))
                        .toList(),
                manifestFile.content(),
                source);
    }

    /// Its own, sorted by path; the manifest is not among them.
    public List<Entry> entries() {
        return entries;
    }

    /// With the features of the common parts.
    public Manifest manifest() {
        return manifest;
    }

    /// The common parts.
    public Optional<Bundle> parts() {
        return parts;
    }

    /// Identifies the bundle by its manifest and every file's path, mode and content; the same for a folder and for
    /// an archive of it, whatever the archive's order and times. Common parts count.
    public String sha256() {
        var digest = Content.newSha256();
        update(digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    private void update(MessageDigest digest) {
        manifestFile.update(digest);
        for (Entry entry : entries) {
            Content.of(entry.path()).update(digest);
            digest.update((byte) (entry.executable() ? 1 : 0));
            entry.content().update(digest);
        }
        parts.ifPresent(common -> common.update(digest));
    }

    static GenerationException unsafe(String what) {
        return new GenerationException(
                GenerationException.Cause.TEMPLATE,
                "the template is not safe: " + what,
                "Do not use this bundle; ask its author for a clean one");
    }

    private static final class Folder extends SimpleFileVisitor<Path> {

        private final Path root;
        private final List<Entry> entries = new ArrayList<>();
        private long total;

        private Folder(Path root) {
            this.root = root;
        }

        private List<Entry> read() throws IOException {
            if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
                throw new GenerationException(
                        GenerationException.Cause.TEMPLATE,
                        root + " is not a folder",
                        "Name the folder that holds " + Manifest.FILE);
            }
            Files.walkFileTree(root, this);
            return entries;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || !LEFT_OUT.contains(name(folder))
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            String path = root.relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
            if (LEFT_OUT.contains(name(file)) || LEFT_OUT_FILES.matcher(path).matches()) {
                return FileVisitResult.CONTINUE;
            }
            if (!attributes.isRegularFile()) {
                throw unsafe("'" + path + "' is a link or a special file");
            }
            total += attributes.size();
            if (attributes.size() > LARGEST_ENTRY || total > LARGEST_TOTAL || entries.size() == MOST_ENTRIES) {
                throw unsafe("it is too large at '" + path + "'");
            }
            entries.add(new Entry(path, Content.of(Files.readAllBytes(file)), Files.isExecutable(file)));
            return FileVisitResult.CONTINUE;
        }

        private static String name(Path path) {
            return path.getFileName().toString();
        }
    }
}
