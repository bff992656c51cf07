package dev.slipway.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// The template in `src/test/resources/template`, and small ones made on the spot.
final class Fixtures {

    static final Path RESOURCES = Path.of("src", "test", "resources");

    static final String MANIFEST = """
            spec: 1
            title: Tiny service
            about: As little as there can be
            identity:
              package: dev.slipway.template.tiny
              groupId: dev.slipway.template
              artifact: tiny-service
              app: TinyApp
              env: TINY_SERVICE_
            """;

    private Fixtures() {}

    static Bundle mini() {
        return Bundle.ofDirectory(RESOURCES.resolve("template"));
    }

    /// A bundle of the manifest and these files.
    static Bundle bundle(String manifest, Map<String, String> files) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(Manifest.FILE, Content.of(manifest), false));
        files.forEach((path, text) -> entries.add(new Entry(path, Content.of(text), false)));
        return Bundle.of(entries, "test");
    }

    /// With `Widget` as its resource.
    static Bundle withWidget(Map<String, String> files) {
        return bundle(MANIFEST + "resource: {name: Widget, plural: widgets}\n", files);
    }

    static Request request(String name, String resource) {
        return new Request(
                name,
                Optional.of("com.acme"),
                Optional.empty(),
                Optional.of(resource),
                OptionalInt.empty(),
                Optional.empty(),
                List.of());
    }

    /// What becomes of one file of a template whose resource is `Widget`.
    static String renamed(String path, String text, String resource) {
        Bundle bundle = withWidget(Map.of(path, text));
        Tree tree = Renderer.render(bundle, Answers.of(bundle, request("gift-shop", resource)));
        return tree.files().values().iterator().next().content().toString();
    }

    static Tree.File file(Tree tree, String path) {
        return Objects.requireNonNull(tree.files().get(path), path);
    }

    static List<String> problems(Runnable refused) {
        try {
            refused.run();
        } catch (GenerationException failure) {
            return failure.problems().stream().map(Problem::what).toList();
        }
        throw new AssertionError("It was not refused");
    }
}
