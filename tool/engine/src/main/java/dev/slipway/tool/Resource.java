package dev.slipway.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/// What takes the place of the template's example resource, one and many.
public final class Resource {

    private static final Pattern NAME = Pattern.compile("([A-Z][a-z]+[0-9]*)+");
    private static final int LONGEST = 40;

    /// PostgreSQL 18, appendix C: the words that are reserved or cannot name a table or a column.
    private static final Set<String> SQL_RESERVED = Set.of(
            "all",
            "analyse",
            "analyze",
            "and",
            "any",
            "array",
            "as",
            "asc",
            "asymmetric",
            "authorization",
            "binary",
            "both",
            "case",
            "cast",
            "check",
            "collate",
            "collation",
            "column",
            "concurrently",
            "constraint",
            "create",
            "cross",
            "default",
            "deferrable",
            "desc",
            "distinct",
            "do",
            "else",
            "end",
            "except",
            "false",
            "fetch",
            "for",
            "foreign",
            "freeze",
            "from",
            "full",
            "grant",
            "group",
            "having",
            "ilike",
            "in",
            "initially",
            "inner",
            "intersect",
            "into",
            "is",
            "isnull",
            "join",
            "lateral",
            "leading",
            "left",
            "like",
            "limit",
            "localtime",
            "localtimestamp",
            "natural",
            "not",
            "notnull",
            "null",
            "offset",
            "on",
            "only",
            "or",
            "order",
            "outer",
            "overlaps",
            "placing",
            "primary",
            "references",
            "returning",
            "right",
            "select",
            "session",
            "similar",
            "some",
            "symmetric",
            "table",
            "tablesample",
            "then",
            "to",
            "trailing",
            "true",
            "union",
            "unique",
            "user",
            "using",
            "variadic",
            "verbose",
            "when",
            "where",
            "window",
            "with");

    private final Words one;
    private final Words many;

    private Resource(Words one, Words many) {
        this.one = one;
        this.many = many;
    }

    /// Reads `Reward` or, where the plural is irregular, `Person:people`.
    ///
    /// @throws Refusal if Java or SQL could not live with the name
    public static Resource of(String text) {
        List<Problem> problems = new ArrayList<>();
        Optional<Resource> resource = parse(text, problems);
        return resource.orElseThrow(() -> new Refusal(Refusal.Cause.REQUEST, problems));
    }

    static Optional<Resource> parse(String text, List<Problem> problems) {
        String name = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
        String shown = PathRules.shown(name);
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            problems.add(new Problem(
                    "resource '" + shown + "' is not a name in Pascal case of at most " + LONGEST + " letters",
                    "Write it like Reward or GiftCard, two letters or more a word"));
            return Optional.empty();
        }
        var one = Words.ofPascal(name);
        Words many;
        if (text.contains(":")) {
            String plural = text.substring(text.indexOf(':') + 1);
            String pascal =
                    plural.isEmpty() ? "" : plural.substring(0, 1).toUpperCase(Locale.ROOT) + plural.substring(1);
            if (!NAME.matcher(pascal).matches() || pascal.length() > LONGEST || pascal.equals(name)) {
                problems.add(new Problem(
                        "'" + PathRules.shown(plural) + "' cannot be the plural of " + name,
                        "Write it like Person:people or SalesPerson:SalesPeople; it must differ from the singular"));
                return Optional.empty();
            }
            many = Words.ofPascal(pascal);
        } else {
            Optional<String> singular = singular(name);
            if (singular.isPresent()) {
                problems.add(new Problem(
                        "resource '" + name + "' looks like a plural",
                        "Write " + singular.get() + ", or give both: " + name + ":<plural>"));
                return Optional.empty();
            }
            List<String> words = new ArrayList<>(one.list());
            words.add(plural(words.removeLast()));
            many = new Words(words);
        }
        whyNot(one, many)
                .ifPresent(why -> problems.add(new Problem(
                        "resource '" + name + "' cannot be used: " + why,
                        "Choose another, for example Customer" + name)));
        return problems.isEmpty() ? Optional.of(new Resource(one, many)) : Optional.empty();
    }

    private static Optional<String> whyNot(Words one, Words many) {
        for (Words form : List.of(one, many)) {
            if (SQL_RESERVED.contains(form.snake())) {
                return Optional.of("'" + form.snake() + "' is reserved in SQL, where a table or column would bear it");
            }
            if (SourceVersion.isKeyword(form.camel()) || SourceVersion.isKeyword(form.flat())) {
                return Optional.of("'" + form.camel() + "' is a keyword of Java");
            }
            if (Object.class.getResource(form.pascal() + ".class") != null) {
                return Optional.of("java.lang has a type " + form.pascal());
            }
        }
        return Optional.empty();
    }

    /// The regular English plural: category → categories, box → boxes, reward → rewards.
    static String plural(String word) {
        if (word.matches(".*[^aeiou]y")) {
            return word.substring(0, word.length() - 1) + "ies";
        }
        return word.matches(".*(s|x|z|ch|sh)") ? word + "es" : word + "s";
    }

    /// What the word is the plural of, if it looks like one: rewards, categories, boxes; not address, status, basis.
    private static Optional<String> singular(String word) {
        if (word.matches(".*[^aeiou]ies")) {
            return Optional.of(word.substring(0, word.length() - 3) + "y");
        }
        if (word.matches(".*(ss|x|z|ch|sh)es")) {
            return Optional.of(word.substring(0, word.length() - 2));
        }
        return word.matches(".*[^suia]s") ? Optional.of(word.substring(0, word.length() - 1)) : Optional.empty();
    }

    Words one() {
        return one;
    }

    Words many() {
        return many;
    }

    /// As it would be asked for, plural included.
    @Override
    public String toString() {
        return one.pascal() + ":" + many.pascal();
    }
}
