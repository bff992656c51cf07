package dev.slipway.cli;

import dev.slipway.tool.Answers;
import dev.slipway.tool.Bundle;
import dev.slipway.tool.Catalogue;
import dev.slipway.tool.Chassis;
import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Lint;
import dev.slipway.tool.Lock;
import dev.slipway.tool.Problem;
import dev.slipway.tool.Renderer;
import dev.slipway.tool.Request;
import dev.slipway.tool.Target;
import dev.slipway.tool.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "new", description = "Makes a service of your own from a template.", sortOptions = false)
final class NewCommand implements Action {

    @Parameters(paramLabel = "TEMPLATE", description = "Which template; see slipway list.")
    private String template = "";

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "The service's name, for example gift-cards.")
    private String name = "";

    @Option(names = "--group", paramLabel = "GROUP", description = "Its Maven group; com.example unless given.")
    private @Nullable String group;

    @Option(names = "--package", paramLabel = "PACKAGE", description = "Its Java package; GROUP.NAME unless given.")
    private @Nullable String packageName;

    @Option(names = "--dir", paramLabel = "DIR", description = "A new or empty folder; ./NAME unless given.")
    private @Nullable String folder;

    @Option(
            names = "--resource",
            paramLabel = "RESOURCE",
            description =
                    "What to call the example resource: GiftCard, or Person:people where the plural is irregular.")
    private @Nullable String resource;

    @Option(names = "--port", paramLabel = "PORT", description = "Where it listens; its management port is the next.")
    private @Nullable Integer port;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "FEATURE",
            description = "Exactly these, and what they require; '' for none.")
    private @Nullable List<String> features;

    @Option(names = "--without", split = ",", paramLabel = "FEATURE", description = "All that is usual but these.")
    private List<String> without = List.of();

    @Option(
            names = "--repository",
            paramLabel = "URL",
            description = "The Maven repository that has the chassis; unless given, the project carries it.")
    private @Nullable String repository;

    @Option(names = "--run", description = "Build it and start it at once.")
    private boolean run;

    @Option(names = "--dry-run", description = "Write nothing; show the files.")
    private boolean dryRun;

    private final Shell shell;

    NewCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Answer run(Narration narration) throws IOException, InterruptedException {
        Catalogue.Listing listing = Catalogue.of(shell.home()).find(template);
        Bundle bundle = listing.load();
        List<Problem> unsound = Lint.check(bundle);
        if (!unsound.isEmpty()) {
            throw new GenerationException(GenerationException.Cause.TEMPLATE, unsound);
        }
        Answers answers = Answers.of(bundle, request());
        String shown = folder == null ? name : folder;
        Target target = Target.of(shell.resolve(shown));
        Tree rendered = Renderer.render(bundle, answers);
        Optional<Chassis> chassis = chassis(listing, rendered);
        Tree supplied = chassis.map(from -> from.supply(rendered)).orElse(rendered);
        Tree tree = Lock.add(supplied, listing, bundle, answers, chassis);
        narration.step(
                "Rendered",
                listing.id() + " " + listing.version() + " as " + answers.name() + ": "
                        + (rendered.paths().size() + 1) + " files, package " + answers.packageName());
        if (dryRun) {
            String list = tree.paths().stream()
                    .map(path -> path.startsWith(Chassis.FOLDER + "/") ? Chassis.FOLDER + "/**" : path)
                    .distinct()
                    .map(path -> "+ " + path)
                    .collect(Collectors.joining("\n"));
            return Answer.ok(list, result(answers, target.folder(), tree));
        }
        target.write(tree);
        narration.step("Written", shown);
        if (run) {
            int exitCode = new ServiceProcess(shell).run(target.folder(), narration);
            return new Answer(exitCode, "", result(answers, target.folder(), tree));
        }
        narration.next("cd " + quoted(direct(shown)) + " && ./run");
        return Answer.ok("", result(answers, target.folder(), tree));
    }

    /// An empty text names none.
    private static List<String> named(List<String> features) {
        return features.stream().filter(feature -> !feature.isEmpty()).toList();
    }

    /// Not through a folder that need not be there.
    private static String direct(String path) {
        String direct = Path.of(path).normalize().toString();
        return direct.isEmpty() ? "." : direct;
    }

    private Optional<Chassis> chassis(Catalogue.Listing listing, Tree rendered) {
        if (repository != null) {
            return Optional.of(Chassis.published(repository));
        }
        return rendered.asksForChassis()
                ? Optional.of(Chassis.carried(shell.home().resolve(Chassis.BUILT), listing.version()))
                : Optional.empty();
    }

    private Request request() {
        return new Request(
                name,
                Optional.ofNullable(group),
                Optional.ofNullable(packageName),
                Optional.ofNullable(resource),
                port == null ? OptionalInt.empty() : OptionalInt.of(port),
                Optional.ofNullable(features).map(NewCommand::named),
                without);
    }

    private Map<String, Object> result(Answers answers, Path target, Tree tree) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("template", template);
        result.put("name", answers.name());
        result.put("group", answers.group());
        result.put("package", answers.packageName());
        answers.resource().ifPresent(chosen -> result.put("resource", chosen));
        answers.port().ifPresent(chosen -> result.put("port", chosen));
        result.put("features", answers.features());
        result.put("dir", target);
        result.put("written", !dryRun);
        result.put("files", tree.paths());
        return result;
    }

    /// Fit to be pasted into a shell.
    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9_./~+@%-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
