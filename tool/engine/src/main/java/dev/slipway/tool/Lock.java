package dev.slipway.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Writes down what a project was made from, so that a later update can make it again and see what people changed.
public final class Lock {

    /// Where it stands in a project.
    public static final String FILE = ".slipway/lock.yaml";

    private static final String HEAD = "# Written by slipway, which needs it for updates. Commit it; do not edit it.\n";

    private Lock() {}

    /// The tree with its lock.
    ///
    /// Each file is listed with its path in the template (tokens by their names), its ownership and the sha256 of its
    /// render; the lock itself is not.
    ///
    /// @param chassis where the project has it from, if it was told
    public static Tree add(
            Tree tree, Catalogue.Listing listing, Bundle template, Answers answers, Optional<Chassis> chassis) {
        Map<String, Object> lock = new LinkedHashMap<>();
        lock.put("spec", Manifest.SPEC);
        lock.put(
                "template",
                ordered(
                        "coordinates", listing.coordinates(),
                        "version", listing.version(),
                        "sha256", template.sha256()));
        lock.put("answers", answers(answers));
        lock.put("features", List.copyOf(answers.features()));
        chassis.ifPresent(supplied -> lock.put("chassis", supplied.forLock()));
        Map<String, Object> files = new LinkedHashMap<>();
        tree.files()
                .forEach((path, file) -> files.put(
                        path,
                        ordered(
                                "from", file.from(),
                                "ownership", file.ownership().word(),
                                "sha256", file.content().sha256())));
        lock.put("files", files);
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .setMaxSimpleKeyLength(256)
                .build();
        var content = Content.of(HEAD + new Dump(settings).dumpToString(lock));
        return tree.with(FILE, new Tree.File(content, false, FILE, Ownership.MANAGED));
    }

    private static Map<String, Object> answers(Answers answers) {
        Map<String, Object> written = ordered(
                "name", answers.name(),
                "group", answers.group(),
                "package", answers.packageName());
        answers.resource().ifPresent(resource -> written.put("resource", resource.toString()));
        answers.port().ifPresent(port -> written.put("port", port));
        return written;
    }

    private static Map<String, Object> ordered(
            String key1, String value1, String key2, String value2, String key3, String value3) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key1, value1);
        map.put(key2, value2);
        map.put(key3, value3);
        return map;
    }
}
