package dev.slipway.cli;

import dev.slipway.tool.Catalogue;
import dev.slipway.tool.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Shows the templates.")
final class ListCommand implements Action {

    private final Shell shell;

    ListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Answer run(Narration narration) {
        List<String> lines = new ArrayList<>();
        List<Map<String, String>> templates = new ArrayList<>();
        List<Catalogue.Listing> listings = Catalogue.of(shell.home()).listings();
        int width = listings.stream()
                .mapToInt(listing -> listing.id().length())
                .max()
                .orElse(0);
        for (Catalogue.Listing listing : listings) {
            Manifest manifest = listing.load().manifest();
            lines.add(Paragraph.of(
                    listing.id() + " ".repeat(width - listing.id().length() + 2),
                    manifest.title() + ": " + manifest.about()));
            templates.add(Map.of(
                    "id", listing.id(),
                    "version", listing.version(),
                    "title", manifest.title(),
                    "about", manifest.about()));
        }
        narration.next(shell.command() + " info TEMPLATE");
        return Answer.ok(String.join("\n", lines), Map.of("templates", templates));
    }
}
