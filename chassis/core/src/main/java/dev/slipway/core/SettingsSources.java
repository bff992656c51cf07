package dev.slipway.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Where settings come from. Later sources win: the service's own `settings.yaml`, a file named by `--config` or
/// `<PREFIX>CONFIG`, `.env` of the working directory, the environment, the command line.
///
/// @param bundled the content of the service's own file, if it has one
/// @param workingDirectory where `.env` and relative file names are looked up
/// @param environment the process environment
/// @param arguments the command line: `--http.port=8080` or `--http.port 8080`
public record SettingsSources(
        Optional<String> bundled, Path workingDirectory, Map<String, String> environment, List<String> arguments) {

    /// `$${` stands for `${`; the last alternative is a reference that is not well written.
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(\\$\\{)|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:(?!\\$\\{)[^}])*))?}|\\$\\{");
    private static final Pattern DOT_ENV = Pattern.compile(
            "(?:export\\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\\s*="
                    + "(?:\\s*'(?<literal>[^']*)'|\\s*\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"|(?<bare>(?!\\s*['\"]).*?))(?:\\s+#.*|\\s*)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    private static final Logger LOG = LoggerFactory.getLogger(SettingsSources.class);

    /// What Kubernetes puts into the environment of each pod for each service of the namespace.
    private static final Pattern KUBERNETES_LINK =
            Pattern.compile("(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern KUBERNETES_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.+");

    /// No settings are nested as deep as this many characters; a list that contains itself is.
    private static final int LONGEST_KEY = 500;

    public SettingsSources {
        environment = Map.copyOf(environment);
        arguments = List.copyOf(arguments);
    }

    /// A value and where it was found.
    record Found(String value, String source) {}

    /// The values of this process: its environment, its working directory, the definition's `settings.yaml`.
    public static SettingsSources ofProcess(ServiceDefinition<?> definition, List<String> arguments) {
        return new SettingsSources(bundledWith(definition), Path.of(""), System.getenv(), arguments);
    }

    /// Only the definition's own file and these arguments, so that a test does not depend on its surroundings.
    public static SettingsSources ofArguments(ServiceDefinition<?> definition, List<String> arguments) {
        return new SettingsSources(bundledWith(definition), Path.of("").resolve("no such folder"), Map.of(), arguments);
    }

    /// Reads all sources into flat keys such as `http.port` or `issuers.0.url`.
    TreeMap<String, Found> read(String prefix, KnownKeys known, List<String> errors) {
        var dotEnv = dotEnv(errors);
        var variables = new HashMap<>(dotEnv);
        variables.putAll(environment);
        var found = new TreeMap<String, Found>();
        bundled.ifPresent(yaml -> found.putAll(yaml(withoutMark(yaml), "settings.yaml", variables, errors)));
        var commandLine = commandLine(errors);
        var config = Optional.ofNullable(commandLine.remove("config"))
                .or(() -> Optional.ofNullable(variables.get(prefix + "CONFIG")));
        config.ifPresent(file -> replace(found, yamlFile(workingDirectory.resolve(file), variables, errors)));
        replace(found, variables(prefix, dotEnv, ".env", known, found.keySet(), variables, errors));
        replace(found, variables(prefix, environment, "environment", known, found.keySet(), variables, errors));
        var given = new LinkedHashMap<String, Found>();
        commandLine.forEach((key, value) -> given.put(key, new Found(value, "--" + key)));
        replace(found, given);
        return found;
    }

    /// A list in a later source replaces the whole of an earlier one; maps are merged by name.
    private static void replace(TreeMap<String, Found> target, Map<String, Found> later) {
        for (var key : later.keySet()) {
            var list = key.matches(".*\\.\\d+(\\..*)?") ? key.replaceFirst("\\.\\d+(\\..*)?$", "") : key;
            target.keySet().removeIf(existing -> existing.equals(list) || existing.startsWith(list + "."));
        }
        target.putAll(later);
    }

    private static Optional<String> bundledWith(ServiceDefinition<?> definition) {
        try (InputStream in = definition.getClass().getResourceAsStream("settings.yaml")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new StartException("settings.yaml of " + definition.name() + " cannot be read", e);
        }
    }

    private Map<String, Found> yamlFile(Path file, Map<String, String> variables, List<String> errors) {
        try {
            return yaml(text(file), file.toString(), variables, errors);
        } catch (IOException e) {
            errors.add("config: " + file + " " + reason(file, e));
            return Map.of();
        }
    }

    /// Some editors put a byte order mark before the text.
    private static String text(Path file) throws IOException {
        return withoutMark(Files.readString(file));
    }

    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8";
        }
        if (!Files.exists(file)) {
            return "does not exist";
        }
        return Files.isDirectory(file)
                ? "is a folder"
                : "cannot be read" + (Files.isReadable(file) ? "" : ": no permission");
    }

    private static Map<String, Found> yaml(
            String text, String source, Map<String, String> variables, List<String> errors) {
        var settings = LoadSettings.builder()
                .setLabel(source)
                .setAllowDuplicateKeys(false)
                .setSchema(new TextSchema())
                .setMaxAliasesForCollections(10)
                .build();
        var found = new LinkedHashMap<String, Found>();
        try {
            var root = new Load(settings).loadFromString(text);
            if (root instanceof Map<?, ?> map) {
                flatten("", map, source, found);
            } else if (root != null) {
                errors.add(source + ": the file must be a mapping");
            }
        } catch (YamlEngineException e) {
            errors.add(source + ": " + problem(e));
        } catch (StackOverflowError e) {
            errors.add(source + ": nested too deeply");
        }
        found.replaceAll((key, value) -> new Found(expand(key, value.value(), variables, errors), value.source()));
        return found;
    }

    /// Without the snippet of the file that the library adds, which may show a password.
    private static String problem(YamlEngineException e) {
        return e instanceof MarkedYamlEngineException marked
                        && marked.getProblemMark().isPresent()
                ? "line " + (marked.getProblemMark().get().getLine() + 1) + ": " + marked.getProblem()
                : String.valueOf(e.getMessage());
    }

    private static void flatten(String key, @Nullable Object node, String source, Map<String, Found> found) {
        if (key.length() > LONGEST_KEY) {
            throw new YamlEngineException("nested too deeply");
        }
        switch (node) {
            case null -> {}
            case Map<?, ?> map ->
                map.forEach(
                        (name, child) -> flatten(key.isEmpty() ? "" + name : key + "." + name, child, source, found));
            case List<?> list -> {
                if (list.isEmpty()) {
                    found.put(key, new Found("", source));
                }
                for (var i = 0; i < list.size(); i++) {
                    flatten(key + "." + i, list.get(i), source, found);
                }
            }
            default -> found.put(key, new Found(node.toString(), source));
        }
    }

    private Map<String, String> dotEnv(List<String> errors) {
        var file = workingDirectory.resolve(".env");
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        var values = new LinkedHashMap<String, String>();
        try {
            var number = 0;
            for (var line : text(file).lines().toList()) {
                number++;
                var text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                var match = DOT_ENV.matcher(text);
                if (match.matches()) {
                    values.put(match.group("name"), dotEnvValue(match));
                } else {
                    errors.add(".env line " + number + ": expected NAME=value, quoted or not, and perhaps a comment");
                }
            }
        } catch (IOException e) {
            errors.add(".env " + reason(file, e));
        }
        return values;
    }

    /// In single quotes everything stands for itself; in double quotes a backslash escapes.
    private static String dotEnvValue(Matcher line) {
        if (line.group("literal") != null) {
            return line.group("literal").replace("${", "$${");
        }
        if (line.group("text") == null) {
            return line.group("bare").strip();
        }
        return ESCAPE.matcher(line.group("text"))
                .replaceAll(escape -> Matcher.quoteReplacement(
                        switch (escape.group(1)) {
                            case "n" -> "\n";
                            case "t" -> "\t";
                            case "r" -> "\r";
                            case "$" -> "$$";
                            case String other -> other;
                        }));
    }

    private static Map<String, Found> variables(
            String prefix,
            Map<String, String> values,
            String source,
            KnownKeys known,
            Set<String> before,
            Map<String, String> variables,
            List<String> errors) {
        var found = new LinkedHashMap<String, Found>();
        values.forEach((name, value) -> {
            if (!name.startsWith(prefix) || name.equals(prefix + "CONFIG")) {
                return;
            }
            var rest = name.substring(prefix.length());
            var key = known.byVariable(rest, before);
            if (isKubernetesLink(rest, value)) {
                return;
            }
            if (key.isPresent()) {
                var text = source.equals(".env") ? expand(key.get(), value, variables, errors) : value;
                found.put(key.get(), new Found(text, name));
            } else {
                // The prefix may be another program's, too: GITHUB_ACTIONS is no mistake in a service called github.
                var suggestion = known.suggestVariable(prefix, rest);
                if (source.equals(".env") || !suggestion.isEmpty()) {
                    errors.add(name + " (" + source + "): no such setting" + suggestion);
                } else {
                    LOG.warn("{} in the environment is no setting of this service, and is left alone", name);
                }
            }
        });
        return found;
    }

    private static boolean isKubernetesLink(String name, String value) {
        return KUBERNETES_LINK.matcher(name).matches()
                || (name.endsWith("PORT") && KUBERNETES_ADDRESS.matcher(value).matches());
    }

    private Map<String, String> commandLine(List<String> errors) {
        var values = new LinkedHashMap<String, String>();
        for (var i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var equals = argument.indexOf('=');
            if (!argument.startsWith("--") || argument.length() == 2) {
                errors.add(argument + ": expected --key=value");
            } else if (equals > 0) {
                values.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                values.put(argument.substring(2), arguments.get(++i));
            } else {
                errors.add(argument + ": has no value");
            }
        }
        return values;
    }

    private static String expand(String key, String value, Map<String, String> variables, List<String> errors) {
        return REFERENCE.matcher(value).replaceAll(match -> {
            if (match.group(1) != null) {
                return Matcher.quoteReplacement("${");
            }
            var name = match.group(2);
            if (name == null) {
                errors.add(key + ": write ${NAME} or ${NAME:-default}, and $${ for ${ itself");
                return "";
            }
            var replacement = variables.getOrDefault(name, match.group(3));
            if (replacement == null) {
                errors.add(key + ": the variable " + name + " is not set");
                return "";
            }
            return Matcher.quoteReplacement(replacement);
        });
    }
}
