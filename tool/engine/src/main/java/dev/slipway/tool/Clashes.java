package dev.slipway.tool;

import dev.slipway.tool.Language.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/// Where the names of the wanted resource would mean something else that the template has or uses, and the template's
/// Java written so that they do not. It is written before it is renamed, and only where there is a clash:
///
/// - a type that a file imports, or has from `java.lang`, is written in full where the resource has a type of its name;
/// - the resource's type is written in full where the file has a nested type of its name;
/// - the resource's variables and methods become `theOrder`, `theOrders` in all files if their plain names are keywords
///   or are another variable's in one file.
///
/// What clients see (paths, JSON, GraphQL, proto) is never renamed so: a clash there is a problem.
final class Clashes {

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (static )?([\\w.]+);\\R");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$][\\w$]*");
    private static final Pattern DECLARES = Pattern.compile("(?s).*\\b(?:class|interface|record|enum)\\s+");
    private static final Pattern NULLNESS = Pattern.compile("@(?:Nullable|NonNull)\\s+$");
    private static final Pattern TYPE = Pattern.compile("[A-Z]\\w*[a-z]\\w*");

    /// What is no keyword everywhere, and methods of each object, which no record's component may be called like.
    private static final Set<String> HALF_KEYWORDS =
            Set.of("yield", "record", "sealed", "permits", "when", "var", "clone", "finalize", "notify", "wait");

    private static final Pattern PROTO_TYPE = Pattern.compile("(?m)^\\s*(?:message|enum|service)\\s+(\\w+)");
    private static final Pattern OPENAPI_TYPE = Pattern.compile("\"#/components/schemas/(\\w+)\"");
    private static final Pattern GRAPHQL_TYPE =
            Pattern.compile("(?m)^(?:type|interface|union|enum|scalar|input)\\s+(\\w+)");
    private static final Pattern GRAPHQL_ROOTS = Pattern.compile("(?m)^schema\\b");

    /// GraphQL, section 3.5; the roots of section 3.3.1 are what they are called unless a schema definition says it.
    private static final Set<String> GRAPHQL_BUILT_IN = Set.of("Int", "Float", "String", "Boolean", "ID");

    /// The chassis has pages, and for the library that makes schemas an object is anything.
    private static final Set<String> OPENAPI_BUILT_IN = Set.of("Object", "Page");

    private static final Set<String> GRAPHQL_ROOT = Set.of("Query", "Mutation", "Subscription");

    private final Renaming renaming;
    private final Map<String, Name> names = new HashMap<>();
    private final Map<String, SourceFile> sources = new HashMap<>();
    private final Map<String, Set<String>> typesOfPackages = new HashMap<>();
    private final Set<String> prefixed = new HashSet<>();
    private final Set<String> why = new TreeSet<>();

    private Clashes(Renaming renaming) {
        this.renaming = renaming;
    }

    /// @param texts of the files that are rendered, by their paths in the template, not yet renamed
    static Clashes find(Renaming renaming, SortedMap<String, String> texts) {
        var clashes = new Clashes(renaming);
        var graphql = new ArrayList<String>();
        texts.forEach((path, text) -> {
            if (path.endsWith(".java")) {
                clashes.addSource(path, text);
            } else if (path.endsWith(".proto")) {
                clashes.checkTypes("proto files have", PROTO_TYPE, text, Set.of());
            } else if (path.matches("(.*/)?openapi[^/]*\\.json")) {
                clashes.checkTypes("OpenAPI document has", OPENAPI_TYPE, text, OPENAPI_BUILT_IN);
            } else if (path.endsWith(".graphqls") || path.endsWith("graphql/surface.lock")) {
                graphql.add(text);
            }
        });
        clashes.sources.values().forEach(clashes::findPrefixed);
        clashes.sources.values().forEach(clashes::findTypes);
        clashes.checkGraphQl(graphql);
        return clashes;
    }

    /// Why the resource cannot be called so; empty if it can.
    List<String> problems() {
        return List.copyOf(why);
    }

    /// A file of the template, to be renamed.
    String disambiguate(String path, String text) {
        SourceFile source = sources.get(path);
        return source == null ? text : source.written(prefixed);
    }

    private void addSource(String path, String text) {
        var source = new SourceFile(path, text, renaming.ownPackage(), this::name);
        sources.put(path, source);
        typesOfPackages
                .computeIfAbsent(source.packageName, name -> new TreeSet<>())
                .add(source.fileName);
    }

    private Name name(String text) {
        return names.computeIfAbsent(text, name -> new Name(renaming.code(name), renaming.hasNoun(name)));
    }

    private void findPrefixed(SourceFile source) {
        for (boolean method : List.of(false, true)) {
            Set<String> others = new HashSet<>();
            source.uses.stream()
                    .filter(use -> !use.noun() && use.isFree() && use.isMethod() == method)
                    .forEach(use -> others.add(use.becomes()));
            for (Use use : source.uses) {
                if (use.isType() || !use.noun() || use.inName || use.isMethod() != method) {
                    continue;
                }
                boolean alone = renaming.isNoun(use.text);
                if (alone && isKeyword(use.becomes())) {
                    prefixed.add(use.text);
                } else if (use.isFree() && others.contains(use.becomes())) {
                    if (alone) {
                        prefixed.add(use.text);
                    } else {
                        why.add("the template itself has something called " + use.becomes());
                    }
                }
            }
        }
    }

    private static boolean isKeyword(String name) {
        return SourceVersion.isKeyword(name) || HALF_KEYWORDS.contains(name);
    }

    private void findTypes(SourceFile source) {
        Map<String, String> ours = new HashMap<>();
        typesOfPackages.getOrDefault(source.packageName, Set.of()).stream()
                .filter(renaming::hasNoun)
                .forEach(type -> ours.put(renaming.code(type), type));
        Set<String> mentioned = new HashSet<>();
        source.uses.stream()
                .filter(use -> use.isType() && use.noun() && use.isFree())
                .forEach(use -> {
                    ours.put(use.becomes(), use.text);
                    mentioned.add(use.text);
                });
        source.imports.keySet().stream().filter(renaming::hasNoun).forEach(type -> {
            ours.put(renaming.code(type), type);
            mentioned.add(type);
        });
        for (String theirs : source.foreignTypes()) {
            String own = ours.get(renaming.code(theirs));
            if (own == null) {
                continue;
            }
            if (source.declared.contains(theirs)) {
                if (!mentioned.contains(own)) {
                    continue;
                }
                if (source.declared.contains(own)) {
                    why.add("the template itself has a type " + theirs + " in " + own);
                }
                inFull(source, own);
            } else if (mentioned.contains(own) || !source.imports.containsKey(theirs)) {
                inFull(source, theirs);
            }
        }
    }

    private void inFull(SourceFile source, String type) {
        Optional<String> name = Optional.ofNullable(source.imports.get(type))
                .or(() -> typesOfPackages
                                .getOrDefault(source.packageName, Set.of())
                                .contains(type)
                        ? Optional.of(source.packageName + "." + type)
                        : Optional.empty())
                .or(() -> Object.class.getResource(type + ".class") != null
                        ? Optional.of("java.lang." + type)
                        : Optional.empty());
        name.ifPresent(full -> source.inFull.put(type, full));
    }

    private void checkGraphQl(List<String> files) {
        boolean rootsAreNamed =
                files.stream().anyMatch(text -> GRAPHQL_ROOTS.matcher(text).find());
        Set<String> taken = new HashSet<>(GRAPHQL_BUILT_IN);
        if (!rootsAreNamed) {
            taken.addAll(GRAPHQL_ROOT);
        }
        checkTypes("GraphQL schema has", GRAPHQL_TYPE, String.join("\n", files), taken);
    }

    private void checkTypes(String where, Pattern declaration, String text, Set<String> reserved) {
        Set<String> others = new HashSet<>(reserved);
        Set<String> ours = new LinkedHashSet<>();
        Matcher found = declaration.matcher(text);
        while (found.find()) {
            if (renaming.hasNoun(found.group(1))) {
                ours.add(renaming.code(found.group(1)));
            } else {
                others.add(found.group(1));
            }
        }
        ours.retainAll(others);
        ours.forEach(name -> why.add(
                reserved.contains(name)
                        ? (where.startsWith("GraphQL") ? "GraphQL" : "the description of every API")
                                + " itself has a type " + name
                        : "the template's " + where + " a type " + name));
    }

    /// @param becomes its text once it is renamed
    /// @param noun whether the resource is in it
    private record Name(String becomes, boolean noun) {}

    /// An identifier in code.
    ///
    /// @param inName whether it is a part of an import or of a package's name
    private record Use(int start, int end, String text, Name name, boolean inName, char before, char after) {

        String becomes() {
            return name.becomes();
        }

        boolean noun() {
            return name.noun();
        }

        boolean isType() {
            return TYPE.matcher(text).matches();
        }

        boolean isMethod() {
            return after == '(' || before == ':';
        }

        /// Whether it is looked up from where it stands, not in what stands before a dot.
        boolean isFree() {
            return !inName && before != '.' && before != ':';
        }
    }

    private static final class SourceFile {

        private final String text;
        private final String packageName;
        private final String fileName;
        private final Map<String, String> imports = new HashMap<>();
        private final Set<String> declared = new HashSet<>();
        private final List<Use> uses = new ArrayList<>();
        private final Map<String, String> inFull = new HashMap<>();

        SourceFile(String path, String text, String ownPackage, Function<String, Name> names) {
            this.text = text;
            Matcher ofPackage = PACKAGE.matcher(text);
            packageName = ofPackage.find() ? ofPackage.group(1) : "";
            fileName = path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
            Matcher line = IMPORT.matcher(text);
            int body = packageName.isEmpty() ? 0 : ofPackage.end();
            while (line.find()) {
                if (line.group(1) == null) {
                    imports.put(line.group(2).substring(line.group(2).lastIndexOf('.') + 1), line.group(2));
                }
                body = line.end();
            }
            for (Span span : Language.JAVA.spans(text)) {
                if (span.place() == Place.CODE && text.charAt(span.start()) != '"') {
                    addUses(span, body, ownPackage, names);
                }
            }
        }

        private void addUses(Span span, int body, String ownPackage, Function<String, Name> names) {
            Matcher found = IDENTIFIER.matcher(text).region(span.start(), span.end());
            while (found.find()) {
                String name = found.group();
                if (SourceVersion.isKeyword(name)) {
                    continue;
                }
                char before = before(found.start(), span.start());
                boolean inName = found.start() < body || isInPackage(found.start(), ownPackage);
                var use = new Use(
                        found.start(), found.end(), name, names.apply(name), inName, before, after(found.end()));
                uses.add(use);
                String head = text.substring(Math.max(0, found.start() - "interface  ".length()), found.start());
                if (use.isType() && DECLARES.matcher(head).matches()) {
                    declared.add(name);
                }
            }
        }

        private boolean isInPackage(int at, String ownPackage) {
            int start = at;
            while (start > 0
                    && (text.charAt(start - 1) == '.' || Character.isJavaIdentifierPart(text.charAt(start - 1)))) {
                start--;
            }
            return text.substring(start, at).contains(ownPackage + ".");
        }

        /// @param from where the code begins: what a comment ends with is not before it
        private char before(int at, int from) {
            int back = at - 1;
            while (back >= from && Character.isWhitespace(text.charAt(back))) {
                back--;
            }
            // `...` is no dot to look behind.
            if (back > from && text.startsWith("..", back - 1)) {
                return ' ';
            }
            if (back >= from && text.charAt(back) == ':' && !text.startsWith("::", back - 1)) {
                return ' ';
            }
            return back < from ? ' ' : text.charAt(back);
        }

        private char after(int at) {
            int next = at;
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            return next == text.length() ? ' ' : text.charAt(next);
        }

        Set<String> foreignTypes() {
            Set<String> types = new TreeSet<>();
            uses.stream()
                    .filter(use -> use.isType() && !use.noun() && use.isFree())
                    .forEach(use -> types.add(use.text));
            types.removeIf(type -> type.equals(fileName));
            return types;
        }

        String written(Set<String> prefixed) {
            var out = new StringBuilder();
            int at = 0;
            for (Use use : uses) {
                String instead = use.isFree() && !declares(use) ? inFull.getOrDefault(use.text, use.text) : use.text;
                if (!use.inName && prefixed.contains(use.text)) {
                    instead = use.text.equals(use.text.toUpperCase(Locale.ROOT))
                            ? "THE_" + use.text
                            : "the" + use.text.substring(0, 1).toUpperCase(Locale.ROOT) + use.text.substring(1);
                }
                out.append(text, at, use.start);
                Matcher nullness = NULLNESS.matcher(out);
                // An annotation of a type stands before its simple name.
                if (instead.contains(".") && nullness.find()) {
                    int dot = instead.lastIndexOf('.') + 1;
                    instead = instead.substring(0, dot) + nullness.group() + instead.substring(dot);
                    out.setLength(nullness.start());
                }
                out.append(instead);
                at = use.end;
            }
            String whole = out.append(text.substring(at)).toString();
            return inFull.isEmpty()
                    ? whole
                    : IMPORT.matcher(whole).replaceAll(line -> {
                        String name = line.group(2);
                        boolean spelt =
                                line.group(1) == null && inFull.containsKey(name.substring(name.lastIndexOf('.') + 1));
                        return spelt ? "" : Matcher.quoteReplacement(line.group());
                    });
        }

        private boolean declares(Use use) {
            return use.text.equals(fileName)
                    && DECLARES.matcher(text.substring(Math.max(0, use.start - "interface  ".length()), use.start))
                            .matches();
        }
    }
}
