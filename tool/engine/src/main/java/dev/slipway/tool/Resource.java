package dev.slipway.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What takes the place of the template's example resource, one and many.
public final class Resource {

    private static final Pattern NAME = Pattern.compile("([A-Z][a-z]+[0-9]*)+");
    private static final int LONGEST = 40;

    /// Many of these are `AllSeries`.
    private static final Set<String> SAME_FOR_MANY = Set.of("series", "species", "news", "means", "goods", "sms");

    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("person", "people"),
            Map.entry("child", "children"),
            Map.entry("man", "men"),
            Map.entry("foot", "feet"),
            Map.entry("criterion", "criteria"),
            Map.entry("medium", "media"),
            Map.entry("shelf", "shelves"),
            Map.entry("leaf", "leaves"),
            Map.entry("half", "halves"),
            Map.entry("life", "lives"),
            Map.entry("knife", "knives"));

    private static final Set<String> REGULAR = Set.of("human", "german", "roman");

    private final Words one;
    private final Words many;

    private Resource(Words one, Words many) {
        this.one = one;
        this.many = many;
    }

    /// Reads `Reward` or, where the plural is irregular, `Person:people`.
    ///
    /// @throws GenerationException if it is no such name
    public static Resource of(String text) {
        List<Problem> problems = new ArrayList<>();
        Optional<Resource> resource = parse(text, problems);
        return resource.orElseThrow(() -> new GenerationException(GenerationException.Cause.REQUEST, problems));
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
            many = plural(one);
        }
        return Optional.of(new Resource(one, many));
    }

    private static Words plural(Words one) {
        List<String> words = new ArrayList<>(one.list());
        String last = words.removeLast();
        String plural = plural(last);
        if (plural.equals(last)) {
            words.addFirst("all");
        }
        words.add(plural);
        return new Words(words);
    }

    /// The English plural: category → categories, box → boxes, analysis → analyses, person → people.
    static String plural(String word) {
        if (SAME_FOR_MANY.contains(word)) {
            return word;
        }
        for (Map.Entry<String, String> irregular : IRREGULAR.entrySet()) {
            if (word.endsWith(irregular.getKey()) && !REGULAR.contains(word)) {
                return word.substring(0, word.length() - irregular.getKey().length()) + irregular.getValue();
            }
        }
        if (word.matches(".*[^aeiou]y")) {
            return word.substring(0, word.length() - 1) + "ies";
        }
        if (word.matches(".*[aeloprty]sis")) {
            return word.substring(0, word.length() - 2) + "es";
        }
        if (word.matches(".*[iu]z")) {
            return word + "zes";
        }
        return word.matches(".*(s|x|z|ch|sh)") ? word + "es" : word + "s";
    }

    /// What the word is the plural of, if it looks like one: rewards, categories, boxes; not address, status, basis.
    private static Optional<String> singular(String word) {
        String last = Words.ofPascal(word).list().getLast();
        if (SAME_FOR_MANY.contains(last) || last.equals("lens")) {
            return Optional.empty();
        }
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
