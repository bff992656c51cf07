package dev.slipway.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a project has the chassis from: by default it carries the jars and POMs along, so that its clone builds alone.
///
/// What is carried has a version of its own, `0.1.0-1f0c…`, by the hash of all of it: two projects of one machine that
/// carry different states of the chassis never get each other's. The two parent POMs stand beside the Maven repository,
/// because Maven looks for a parent before it knows what `${project.basedir}` is.
public sealed interface Chassis {

    /// The project with its POM told where the chassis is, and with what it carries.
    ///
    /// A project whose POM does not ask for it by [#FOLDER] stays as it is.
    Tree supply(Tree project);

    /// What a lock keeps of it.
    Map<String, String> forLock();

    /// Where it stands in a project.
    String FOLDER = ".slipway/chassis";

    /// Where the launcher leaves it in a platform's repository.
    String BUILT = ".slipway/repository";

    /// Takes the chassis from a Maven repository in a folder.
    ///
    /// @param version the one of all its artifacts there
    /// @throws GenerationException if there is none
    static Chassis carried(Path repository, String version) {
        return Carried.read(repository, version);
    }

    /// Leaves the chassis to a Maven repository to which somebody publishes it.
    ///
    /// @throws GenerationException if it is no URL that could stand in a POM
    static Chassis published(String url) {
        return new Published(url);
    }

    /// @param url of a Maven repository
    record Published(String url) implements Chassis {

        private static final Pattern URL = Pattern.compile("(https?|file)://[A-Za-z0-9._~:/?#@!$()*+,;=%\\[\\]{}-]+");

        public Published {
            if (!URL.matcher(url).matches()) {
                throw new GenerationException(
                        GenerationException.Cause.REQUEST,
                        List.of(new Problem(
                                "'" + PathRules.shown(url) + "' is not the URL of a Maven repository",
                                "Write it like https://repository.example.com/releases")));
            }
        }

        @Override
        public Tree supply(Tree project) {
            return ProjectPom.change(
                    project,
                    pom -> pom.replace(ProjectPom.PARENT, "<relativePath/>")
                            .replace(ProjectPom.REPOSITORY, "<url>" + url + "</url>"));
        }

        @Override
        public Map<String, String> forLock() {
            return Map.of("repository", url);
        }
    }

    /// @param files by their paths in the repository
    record Carried(String version, SortedMap<String, Content> files) implements Chassis {

        private static final String GROUP = "dev/slipway/";
        private static final int HASH = 12;

        static Carried read(Path repository, String version) {
            var jarOrPom = Pattern.compile("(" + GROUP + "([a-z-]+)/)" + Pattern.quote(version) + "(/\\2-)"
                    + Pattern.quote(version) + "(\\.(?:jar|pom))");
            var found = new TreeMap<String, Content>();
            if (Files.isDirectory(repository)) {
                try (Stream<Path> all = Files.walk(repository)) {
                    for (Path file : all.filter(Files::isRegularFile).toList()) {
                        String path = repository.relativize(file).toString().replace('\\', '/');
                        if (jarOrPom.matcher(path).matches()) {
                            found.put(path, Content.of(Files.readAllBytes(file)));
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot read the chassis in " + repository, e);
                }
            }
            if (!found.containsKey(pom("slipway-service-parent", version))) {
                throw new GenerationException(
                        GenerationException.Cause.TEMPLATE,
                        "the chassis " + version + " is not in " + repository,
                        "Start ./slipway in its repository, which builds it, or say --repository URL");
            }
            var digest = Content.newSha256();
            found.forEach((path, content) -> {
                Content.of(path).update(digest);
                content.update(digest);
            });
            String own =
                    version + "-" + HexFormat.of().formatHex(digest.digest()).substring(0, HASH);
            var files = new TreeMap<String, Content>();
            found.forEach((path, content) -> {
                Matcher parts = jarOrPom.matcher(path);
                parts.matches();
                files.put(
                        parts.replaceFirst("$1" + own + "$3" + own + "$4"),
                        path.endsWith(".pom") ? Content.of(versioned(content.toString(), version, own)) : content);
            });
            return new Carried(own, files);
        }

        private static String pom(String artifact, String version) {
            return GROUP + artifact + "/" + version + "/" + artifact + "-" + version + ".pom";
        }

        private static String versioned(String pom, String from, String to) {
            return pom.replace("<version>" + from + "</version>", "<version>" + to + "</version>")
                    .replace("<slipway.version>" + from + "<", "<slipway.version>" + to + "<");
        }

        @Override
        public Tree supply(Tree project) {
            return ProjectPom.change(project, this::inheriting).with(carried(project));
        }

        private String inheriting(String pom) {
            return Pattern.compile("<version>[^<]*</version>(\\s*)" + Pattern.quote(ProjectPom.PARENT))
                    .matcher(pom)
                    .replaceFirst(match -> "<version>" + version + "</version>" + match.group(1) + ProjectPom.PARENT);
        }

        private Map<String, Tree.File> carried(Tree project) {
            Map<String, Tree.File> carried = new LinkedHashMap<>();
            if (!ProjectPom.asksForChassis(project)) {
                return carried;
            }
            files.forEach((path, content) -> {
                String place = FOLDER + "/repository/" + path;
                carried.put(place, file(path, content));
                carried.put(place + ".sha1", file(path + ".sha1", Content.of(content.sha1())));
            });
            for (String parent : List.of("parent", "service-parent")) {
                String path = pom("slipway-" + parent, version);
                // Where one says that the other is: ../parent.
                String folder = parent.equals("parent") ? "parent" : "service";
                carried.put(FOLDER + "/" + folder + "/pom.xml", file(path, content(path)));
            }
            return carried;
        }

        private Content content(String path) {
            Content content = files.get(path);
            if (content == null) {
                throw new GenerationException(
                        GenerationException.Cause.TEMPLATE, path + " is missing in the chassis", "Build it anew");
            }
            return content;
        }

        private static Tree.File file(String path, Content content) {
            return new Tree.File(content, false, "{chassis}/" + path, Ownership.MANAGED);
        }

        @Override
        public Map<String, String> forLock() {
            return Map.of("version", version);
        }
    }
}
