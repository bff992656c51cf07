package dev.slipway.cli;

import dev.slipway.tool.Bundle;
import dev.slipway.tool.Catalogue;
import dev.slipway.tool.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "info", description = "Shows what a template offers.")
final class InfoCommand implements Action {

    @Parameters(paramLabel = "TEMPLATE", description = "Which template; see slipway list.")
    private String template = "";

    private final Shell shell;

    InfoCommand(Shell shell) {
        this.shell = shell;
    }

    private static String ports(Manifest.Identity identity, int port) {
        var ports = new StringBuilder().append(port);
        identity.managementPort()
                .ifPresent(management -> ports.append(", for management ").append(management));
        identity.grpcPort().ifPresent(grpc -> ports.append(", for gRPC ").append(grpc));
        return ports + " (others with --port, the first)";
    }

    @Override
    public Answer run(Narration narration) {
        Catalogue.Listing listing = Catalogue.of(shell.home()).find(template);
        Bundle bundle = listing.load();
        Manifest manifest = bundle.manifest();
        Set<String> standard = manifest.standardFeatures();

        List<String> lines = new ArrayList<>();
        lines.add(manifest.title() + " (" + listing.id() + " " + listing.version() + ")");
        lines.add(Paragraph.of("", manifest.about()));
        manifest.resource()
                .ifPresent(resource -> lines.add(
                        "Resource: " + resource.name() + ", " + resource.plural() + " (rename it with --resource)"));
        manifest.identity().port().ifPresent(port -> lines.add("Ports: " + ports(manifest.identity(), port)));
        List<Map<String, Object>> features = new ArrayList<>();
        manifest.features().forEach((name, feature) -> {
            boolean on = standard.contains(name);
            String requires = feature.requires().isEmpty()
                    ? ""
                    : ", requires " + String.join(", ", new TreeSet<>(feature.requires()));
            lines.add("Feature " + name + ": " + feature.title() + " (" + (on ? "on" : "off") + requires + ")");
            features.add(Map.of(
                    "name",
                    name,
                    "title",
                    feature.title(),
                    "standard",
                    on,
                    "requires",
                    new TreeSet<>(feature.requires())));
        });
        manifest.oneOf().forEach((group, choices) -> lines.add("One " + group + " of: " + String.join(", ", choices)));
        narration.next(shell.command() + " new " + listing.id() + " --name NAME"
                + manifest.resource().map(resource -> " --resource RESOURCE").orElse(""));

        Map<String, Object> result = new LinkedHashMap<>();
        result.put("id", listing.id());
        result.put("version", listing.version());
        result.put("sha256", bundle.sha256());
        result.put("title", manifest.title());
        result.put("about", manifest.about());
        manifest.resource().ifPresent(resource -> result.put("resource", resource.name()));
        manifest.identity().port().ifPresent(port -> result.put("port", port));
        result.put("features", features);
        result.put("oneOf", manifest.oneOf());
        return Answer.ok(String.join("\n", lines), result);
    }
}
