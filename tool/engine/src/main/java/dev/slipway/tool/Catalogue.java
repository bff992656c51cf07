package dev.slipway.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The templates there are, as `catalogue.yaml` in the root of a platform's repository lists them.
public final class Catalogue {

    /// The file's name.
    public static final String FILE = "catalogue.yaml";

    private final List<Listing> listings;

    private Catalogue(List<Listing> listings) {
        this.listings = List.copyOf(listings);
    }

    /// One template.
    ///
    /// @param id what people call it
    /// @param folder where it is
    /// @param coordinates its name as an artifact, `group:artifact`
    /// @param parts what every project of this catalogue carries
    public record Listing(String id, Path folder, String coordinates, String version, Optional<Path> parts) {

        /// Reads the template.
        ///
        /// @throws GenerationException if it is not sound
        public Bundle load() {
            Bundle own = Bundle.ofDirectory(folder);
            return parts.map(Bundle::ofDirectory).map(own::including).orElse(own);
        }
    }

    /// Reads the catalogue of a repository.
    ///
    /// @throws GenerationException if there is none or it is wrong
    public static Catalogue of(Path home) {
        Path file = home.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new GenerationException(
                    GenerationException.Cause.TEMPLATE,
                    "there is no catalogue of templates at " + file,
                    "Start slipway from its repository, or set SLIPWAY_HOME to it");
        }
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        List<Problem> problems = new ArrayList<>();
        YamlSection root = YamlSection.root(FILE, YamlReader.read(FILE, yaml), problems);
        root.text("spec");
        String group = root.text("group");
        String version = root.text("version");
        Optional<String> parts = root.optionalText("parts");
        parts.flatMap(PathRules::problem)
                .ifPresent(what -> root.wrong(root.line("parts"), what, "Name a folder of this repository"));
        List<Listing> listings = new ArrayList<>();
        for (YamlSection item : root.items("templates")) {
            String id = item.text("id");
            String path = item.text("path");
            item.refuseUnknown();
            PathRules.problem(path)
                    .ifPresent(what -> item.wrong(item.line("path"), what, "Name a folder of this repository"));
            if (problems.isEmpty()) {
                listings.add(new Listing(
                        id, home.resolve(path), group + ":" + id + "-template", version, parts.map(home::resolve)));
            }
        }
        root.refuseUnknown();
        if (!problems.isEmpty()) {
            throw new GenerationException(GenerationException.Cause.TEMPLATE, problems);
        }
        return new Catalogue(listings);
    }

    public List<Listing> listings() {
        return listings;
    }

    /// The template of this name.
    ///
    /// @throws GenerationException if there is none; it names the nearest
    public Listing find(String id) {
        List<String> ids = listings.stream().map(Listing::id).toList();
        return listings.stream()
                .filter(listing -> listing.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new GenerationException(
                        GenerationException.Cause.REQUEST,
                        "there is no template '" + PathRules.shown(id) + "'",
                        Nearest.to(id, ids)
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("There are: " + String.join(", ", ids))));
    }
}
