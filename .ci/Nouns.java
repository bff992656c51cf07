import dev.slipway.core.ServiceDefinition;
import dev.slipway.testing.TestService;
import dev.slipway.tool.Answers;
import dev.slipway.tool.Bundle;
import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Renderer;
import dev.slipway.tool.Request;
import dev.slipway.tool.Target;
import dev.slipway.tool.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Tries every noun of a list as the resource of a template: each is rendered, compiled, its proto files too, and started
/// on a real PostgreSQL, and as many as wanted pass the derived service's own tests, all in this one JVM. A noun that is
/// refused is shown with the reason.
///
/// Runs in an empty folder, which it fills. Its class path is that of the template's tests, with the engine, JUnit's
/// launcher, and `target/classes` and `target/test-classes` of this folder, where each noun has packages of its own;
/// `protoc` and `protoc-gen-grpc-java` are files of the local Maven repository.
///
///     java -cp … .ci/Nouns.java TEMPLATE NOUNS REPOSITORY NUMBER SEED [EVERY TURN]
///
/// NUMBER of them, chosen by the seed, are tested as well; EVERY and TURN take one share of the list.
class Nouns {

    private static final String PACKAGE = "com.example.a_trial";
    private static final String APP = "TrialApp";
    private static final int COMPILED_AT_ONCE = 25;
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    // A browser's test costs as much as all others together, and says little about a name.
    private static final PostDiscoveryFilter NO_BROWSER = test ->
            FilterResult.includedIf(!test.getUniqueId().getLastSegment().getValue().contains("browser"));
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path TEST_CLASSES = Path.of("target", "test-classes");

    private final Bundle template;
    private final Path repository;
    private final Map<String, String> refused = new TreeMap<>();
    private final Map<String, List<String>> failures = new TreeMap<>();
    private final Map<String, Path> rendered = new LinkedHashMap<>();

    Nouns(Path template, Path repository) {
        this.template = Bundle.ofDirectory(template);
        this.repository = repository;
    }

    public static void main(String[] arguments) throws Exception {
        var nouns = new ArrayList<String>();
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
            if (!line.startsWith("#")) {
                nouns.addAll(Arrays.asList(line.strip().split(" +")));
            }
        }
        if (arguments.length > 5) {
            int every = Integer.parseInt(arguments[5]);
            int turn = Integer.parseInt(arguments[6]);
            nouns.removeIf(noun -> Math.floorMod(noun.hashCode(), every) != turn % every);
        }
        var trial = new Nouns(Path.of(arguments[0]), Path.of(arguments[2]));
        long begun = System.nanoTime();
        nouns.forEach(trial::render);
        trial.say(
                "rendered " + trial.rendered.size() + " of " + nouns.size() + ", refused " + trial.refused.size(),
                begun);
        trial.generate();
        trial.say("generated from their proto files", begun);
        var tested = new ArrayList<>(trial.rendered.keySet());
        Collections.shuffle(tested, new Random(Long.parseLong(arguments[4])));
        tested.subList(Math.min(tested.size(), Integer.parseInt(arguments[3])), tested.size())
                .clear();
        trial.compile(tested);
        trial.say("compiled", begun);
        trial.say("started " + trial.each(trial.rendered.keySet(), trial::start), begun);
        trial.say("tested " + trial.each(tested, trial::test), begun);
        trial.refused.forEach((noun, why) -> System.out.println("refused: " + why));
        trial.failures.forEach(
                (noun, why) -> System.out.println("FAILED " + noun + "\n    " + String.join("\n    ", why)));
        System.out.println(trial.failures.size() + " nouns failed");
        System.exit(trial.failures.isEmpty() ? 0 : 1);
    }

    private interface Step {
        void on(String noun) throws Exception;
    }

    /// @return with how many of those that have not failed yet it went well
    private int each(Collection<String> nouns, Step step) {
        int well = 0;
        for (String noun : nouns) {
            if (failures.containsKey(noun)) {
                continue;
            }
            try {
                step.on(noun);
            } catch (Exception | LinkageError e) {
                fail(noun, firstLines(e));
            }
            well += failures.containsKey(noun) ? 0 : 1;
        }
        return well;
    }

    private static String firstLines(Throwable e) {
        return String.valueOf(e).lines().limit(12).reduce("", (a, b) -> a + "\n        " + b);
    }

    private void say(String what, long begun) {
        System.out.printf("%5d s  %s%n", (System.nanoTime() - begun) / 1_000_000_000, what);
    }

    /// Told at once, too: all of them take long.
    private void fail(String noun, String why) {
        failures.computeIfAbsent(noun, name -> new ArrayList<>()).add(why);
        System.out.println(noun + " failed: " + why);
    }

    private static String packageOf(String noun) {
        return PACKAGE + "." + noun.replaceAll(":.*", "").toLowerCase() + "s";
    }

    private void render(String noun) {
        var request = new Request(
                "trial",
                Optional.of("com.example"),
                Optional.of(packageOf(noun)),
                Optional.of(noun),
                OptionalInt.empty(),
                Optional.empty(),
                List.of());
        try {
            Tree tree = Renderer.render(template, Answers.of(template, request));
            Path folder = Path.of("all", noun.replaceAll(":.*", ""));
            Target.of(folder).write(tree);
            rendered.put(noun, folder);
        } catch (GenerationException failure) {
            refused.put(noun, failure.problems().getFirst().what());
        }
    }

    private void generate() throws Exception {
        Path includes = Files.createDirectories(Path.of("include", "google", "protobuf"));
        try (InputStream in = Nouns.class.getResourceAsStream("/google/protobuf/timestamp.proto")) {
            Files.copy(Objects.requireNonNull(in), includes.resolve("timestamp.proto"));
        }
        String protoc = executable("com/google/protobuf/protoc");
        String plugin = executable("io/grpc/protoc-gen-grpc-java");
        for (var one : rendered.entrySet()) {
            Path generated = Files.createDirectories(one.getValue().resolve("generated"));
            Path protos = one.getValue().resolve("api/proto");
            Path descriptors = Files.createDirectories(one.getValue().resolve("descriptors"));
            var command = new ArrayList<>(List.of(
                    protoc,
                    "-Iinclude",
                    "-I" + protos,
                    "--java_out=" + generated,
                    "--plugin=protoc-gen-grpc=" + plugin,
                    "--grpc_out=" + generated,
                    "--descriptor_set_out=" + descriptors.resolve("descriptors.binpb"),
                    "--include_imports",
                    "--include_source_info"));
            files(protos, ".proto").forEach(file -> command.add(file.toString()));
            Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(run.getInputStream().readAllBytes());
            if (run.waitFor() != 0) {
                fail(one.getKey(), said.strip());
            }
        }
    }

    private String executable(String artifact) throws IOException {
        try (Stream<Path> files = Files.walk(repository.resolve(artifact))) {
            Path newest = files.filter(file -> file.toString().endsWith(".exe"))
                    .max(Path::compareTo)
                    .orElseThrow();
            newest.toFile().setExecutable(true);
            return newest.toString();
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /// Tests that are not run need no classes: the compiler stops when all is found right.
    private void compile(List<String> tested) throws IOException {
        compile(rendered.keySet(), List.of("src/main/java", "generated"), CLASSES, List.of());
        for (String noun : rendered.keySet()) {
            resources(noun);
        }
        compile(tested, List.of("src/test/java"), TEST_CLASSES, List.of());
        var others = new ArrayList<>(rendered.keySet());
        others.removeAll(tested);
        compile(others, List.of("src/test/java"), TEST_CLASSES, List.of("-XDshould-stop.ifNoError=FLOW"));
    }

    private void compile(Collection<String> nouns, List<String> folders, Path to, List<String> options)
            throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Files.createDirectories(to);
        var all = new ArrayList<>(List.of("-d", to.toString(), "-cp", CLASS_PATH, "-proc:none", "-nowarn"));
        all.addAll(List.of("-parameters", "-Xmaxerrs", "10000"));
        all.addAll(options);
        var names = nouns.stream().filter(noun -> !failures.containsKey(noun)).toList();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            for (int from = 0; from < names.size(); from += COMPILED_AT_ONCE) {
                int until = Math.min(names.size(), from + COMPILED_AT_ONCE);
                compile(compiler, manager, names.subList(from, until), folders, all);
            }
        }
    }

    /// Where there is an error there are no classes at all: then those without an error are compiled again.
    private void compile(
            JavaCompiler compiler,
            StandardJavaFileManager manager,
            List<String> names,
            List<String> folders,
            List<String> options)
            throws IOException {
        var sources = new TreeMap<String, String>();
        for (String noun : names) {
            for (String folder : folders) {
                files(folder(noun).resolve(folder), ".java").forEach(file -> sources.put(file.toString(), noun));
            }
        }
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var objects = manager.getJavaFileObjectsFromStrings(sources.keySet());
        if (compiler.getTask(null, manager, diagnostics, options, null, objects).call()) {
            return;
        }
        for (var diagnostic : diagnostics.getDiagnostics()) {
            String noun = diagnostic.getSource() == null
                    ? null
                    : sources.get(diagnostic.getSource().getName());
            if (noun != null && diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                fail(noun, diagnostic.toString().lines().limit(3).reduce("", (a, b) -> a + " " + b.strip()));
            }
        }
        var good = names.stream().filter(noun -> !failures.containsKey(noun)).toList();
        if (good.size() == names.size()) {
            throw new IllegalStateException(String.valueOf(diagnostics.getDiagnostics()));
        }
        if (!good.isEmpty()) {
            compile(compiler, manager, good, folders, options);
        }
    }

    private Path folder(String noun) {
        return Objects.requireNonNull(rendered.get(noun));
    }

    private void resources(String noun) throws IOException {
        Path own = CLASSES.resolve(packageOf(noun).replace('.', '/'));
        copy(folder(noun).resolve("src/main/resources"), CLASSES);
        copy(folder(noun).resolve("api/graphql"), own.resolve("graphql"));
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from, "")) {
            Path target = to.resolve(from.relativize(file));
            if (Files.isRegularFile(file)) {
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /// Runs the migrations, builds all protocols and describes the API.
    private void start(String noun) throws Exception {
        var app = (ServiceDefinition<?>) Class.forName(packageOf(noun) + "." + APP)
                .getDeclaredConstructor()
                .newInstance();
        try (TestService service = TestService.of(app).start()) {
            service.anonymous().get("/openapi/v1.json").expect(200);
        }
    }

    /// The tests look for the service's files where the JVM stands, so these are put there by links.
    private void test(String noun) throws IOException {
        Path folder = folder(noun).toAbsolutePath();
        for (String name : List.of("api", "docs", "src")) {
            link(Path.of(name), folder.resolve(name));
        }
        link(Path.of("target", "proto"), folder.resolve("descriptors"));
        Path tests = folder.resolve("src/test/java");
        var request = LauncherDiscoveryRequestBuilder.request();
        for (Path file : files(tests, "Test.java")) {
            String name = tests.relativize(file).toString().replace('/', '.').replaceAll("\\.java$", "");
            request.selectors(DiscoverySelectors.selectClass(name));
        }
        request.filters(NO_BROWSER);
        var listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request.build(), listener);
        var summary = listener.getSummary();
        summary.getFailures()
                .forEach(failure -> fail(
                        noun,
                        failure.getTestIdentifier().getDisplayName() + ": " + firstLines(failure.getException())));
        if (summary.getTestsSucceededCount() == 0) {
            fail(noun, "no test ran");
        }
    }

    private static void link(Path link, Path to) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, to);
    }
}
