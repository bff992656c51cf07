import dev.slipway.tool.Answers;
import dev.slipway.tool.Bundle;
import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Renderer;
import dev.slipway.tool.Request;
import dev.slipway.tool.Target;
import dev.slipway.tool.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Tries every noun of a list as the resource of a template: each is rendered and compiled, its proto files too, and as
/// many as wanted pass the derived service's own tests on a real PostgreSQL, all in this one JVM. A noun that is refused
/// is shown with the reason.
///
/// Runs in an empty folder, which it fills. Its class path is that of the template's tests, with the engine and JUnit's
/// launcher; `protoc` and `protoc-gen-grpc-java` are files of the local Maven repository.
///
///     java -cp … .ci/Nouns.java TEMPLATE NOUNS REPOSITORY NUMBER SEED [EVERY TURN]
///
/// NUMBER of them, chosen by the seed, are tested as well; EVERY and TURN take one share of the list.
class Nouns {

    private static final String PACKAGE = "com.example.trial";
    private static final int COMPILED_AT_ONCE = 25;
    private static final String CLASS_PATH = System.getProperty("java.class.path");

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
        var chosen = new ArrayList<>(trial.rendered.keySet());
        Collections.shuffle(chosen, new Random(Long.parseLong(arguments[4], 16)));
        chosen.subList(Math.min(chosen.size(), Integer.parseInt(arguments[3])), chosen.size())
                .clear();
        trial.compile(chosen);
        trial.say("compiled", begun);
        for (String noun : chosen) {
            if (!trial.failures.containsKey(noun)) {
                trial.test(noun);
            }
        }
        trial.say("tested " + chosen.size(), begun);
        trial.refused.forEach((noun, why) -> System.out.println("refused: " + why));
        trial.failures.forEach(
                (noun, why) -> System.out.println("FAILED " + noun + "\n    " + String.join("\n    ", why)));
        System.out.println(trial.failures.size() + " nouns failed");
        System.exit(trial.failures.isEmpty() ? 0 : 1);
    }

    private void say(String what, long begun) {
        System.out.printf("%5d s  %s%n", (System.nanoTime() - begun) / 1_000_000_000, what);
    }

    private void fail(String noun, String why) {
        failures.computeIfAbsent(noun, name -> new ArrayList<>()).add(why);
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
            Path descriptors = Files.createDirectories(one.getValue().resolve("target/proto"));
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

    /// What is not tested needs no classes: the compiler stops when all is found right.
    private void compile(List<String> tested) throws IOException {
        var others = new ArrayList<>(rendered.keySet());
        others.removeAll(tested);
        compile(others, List.of("-XDshould-stop.ifNoError=FLOW"));
        compile(tested, List.of());
    }

    private void compile(List<String> nouns, List<String> options) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var names = nouns.stream().filter(noun -> !failures.containsKey(noun)).toList();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            for (int from = 0; from < names.size(); from += COMPILED_AT_ONCE) {
                int to = Math.min(names.size(), from + COMPILED_AT_ONCE);
                compile(compiler, manager, names.subList(from, to), options);
            }
        }
    }

    /// Where there is an error there are no classes at all: then those without an error are compiled again.
    private void compile(JavaCompiler compiler, StandardJavaFileManager manager, List<String> names, List<String> more)
            throws IOException {
        var sources = new TreeMap<String, String>();
        Path classes = Files.createDirectories(Path.of("classes"));
        for (String noun : names) {
            files(folder(noun).resolve("src"), ".java").forEach(file -> sources.put(file.toString(), noun));
            files(folder(noun).resolve("generated"), ".java").forEach(file -> sources.put(file.toString(), noun));
        }
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var options = new ArrayList<>(
                List.of("-d", classes.toString(), "-cp", CLASS_PATH, "-proc:none", "-nowarn", "-Xmaxerrs", "10000"));
        options.addAll(more);
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
            compile(compiler, manager, good, more);
        }
    }

    private Path folder(String noun) {
        return Objects.requireNonNull(rendered.get(noun));
    }

    /// The tests look for the service's files where the JVM stands, so these are put there by links.
    private void test(String noun) throws Exception {
        Path folder = folder(noun);
        String packageName = packageOf(noun);
        for (String name : List.of("api", "docs", "target", "src")) {
            Files.deleteIfExists(Path.of(name));
            Files.createSymbolicLink(Path.of(name), folder.resolve(name));
        }
        Path own = Files.createDirectories(folder.resolve("classes").resolve(packageName.replace('.', '/')));
        Path graphql = Files.createDirectories(own.resolve("graphql"));
        for (Path file : files(folder.resolve("api/graphql"), ".graphqls")) {
            Files.copy(file, graphql.resolve(file.getFileName()));
        }
        // Each noun's loader has its classes alone, and shares the chassis with the others.
        Path classes = folder.resolve("classes");
        for (String prefix : List.of("", "proto/")) {
            Path compiled = Path.of("classes").resolve(prefix + packageName.replace('.', '/'));
            for (Path file : files(compiled, ".class")) {
                Path to = classes.resolve(Path.of("classes").relativize(file));
                Files.createDirectories(to.getParent());
                Files.move(file, to);
            }
        }
        URL[] urls = {
            classes.toUri().toURL(),
            folder.resolve("src/main/resources").toUri().toURL()
        };
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (var loader = new URLClassLoader(urls, Nouns.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            var request = LauncherDiscoveryRequestBuilder.request();
            for (Path file : files(folder.resolve("src/test/java"), "Test.java")) {
                String name = folder.resolve("src/test/java").relativize(file).toString();
                Class<?> test = loader.loadClass(name.replace('/', '.').replaceAll("\\.java$", ""));
                request.selectors(DiscoverySelectors.selectClass(test));
            }
            var summary = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request.build(), summary);
            summary.getSummary()
                    .getFailures()
                    .forEach(failure -> fail(
                            noun,
                            failure.getTestIdentifier().getDisplayName() + ": "
                                    + String.valueOf(failure.getException())
                                            .lines()
                                            .limit(12)
                                            .reduce("", (a, b) -> a + "\n        " + b)));
            if (summary.getSummary().getTestsSucceededCount() == 0) {
                fail(noun, "no test ran");
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
