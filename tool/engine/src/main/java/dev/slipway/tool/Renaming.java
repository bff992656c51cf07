package dev.slipway.tool;

import dev.slipway.tool.Language.Span;
import dev.slipway.tool.Manifest.Identity;
import dev.slipway.tool.Manifest.ResourceToken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Replaces a template's tokens, in one pass from left to right, the longest token first.
///
/// A token counts where it begins and ends on a *boundary*: the text's edge, a character that is neither letter nor
/// digit, or a change of kind (small, capital, digit) other than from capital to small. So `widget` is found in
/// `widgetId`, `Widget` in `CreateWidgetTest`, `WIDGET` in `WIDGET_ID`, and nothing in `widgeting`.
///
/// The resource's token is one word, what replaces it may be several. Their style follows, in this order, from
///
/// 1. the token's case: `WIDGET` → `GIFT_CARD`; `Widget` → `GiftCard`, alone in prose `Gift card`;
/// 2. its neighbours: after the service's package `giftcard`; beside `_` `gift_card`; beside a letter or digit
///    `giftCard`; outside code beside `/` or `-` `gift-card`;
/// 3. its [Place]: code `giftCard`; SQL `gift_card` (but `:giftCard` for a parameter); prose `gift card`; a name
///    `gift-card` beside `.` or `:`, else `giftCard`. Quoted within prose it is a name.
///
/// A word that is a keyword of Java as a package, or reserved by SQL, ends with an underscore there: neither language
/// will ever have a keyword that does.
///
/// An article before it is kept right: `a widget` → `an invoice`.
final class Renaming {

    private static final Pattern VOWEL_SOUND =
            Pattern.compile("(?!uni|use|usa|eu|one)[aeiou].*|hour.*|hono.*|heir.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern ARTICLE_AT_END = Pattern.compile("(?s)(?:.*[^\\p{Alnum}])?[aA][ _]");
    private static final int ARTICLE_REACH = 3;

    /// What is found, and what is written for it.
    private sealed interface Token {
        String text();
    }

    private record Fixed(String text, String replacement) implements Token {}

    /// The service's package, with `.` or `/` between its parts: lower-case parts that follow it are packages too, but for
    /// a file after `/`.
    private record OwnPackage(String text, String replacement, char separator) implements Token {}

    private record Noun(String text, Words words) implements Token {}

    private final List<Token> tokens = new ArrayList<>();
    private final String ownPackage;

    private Renaming(String ownPackage) {
        this.ownPackage = ownPackage;
    }

    /// From the template's names to the answers'.
    static Renaming of(Manifest manifest, Answers answers) {
        return of(manifest, answers, manifest.identity());
    }

    /// From the names in common parts to the answers', or where nothing was answered to the template's.
    static Renaming of(Manifest manifest, Answers answers, Identity template) {
        Identity from = manifest.identity();
        var renaming = new Renaming(from.packageName());
        Words name = answers.words();
        renaming.addPackage(from.packageName(), answers.packageName());
        renaming.addGroup(from.groupId(), answers.group());
        renaming.add(from.artifact(), name.kebab());
        renaming.add(from.app(), name.pascal() + "App");
        renaming.add(from.env(), name.upperSnake() + "_");
        from.database().ifPresent(token -> renaming.add(token, name.snake()));
        from.titleWords().ifPresent(token -> renaming.addTitle(token, name));
        renaming.addPort(from.port(), answers.port(), 0, template.port());
        renaming.addPort(from.managementPort(), answers.port(), 1, template.managementPort());
        renaming.addPort(from.grpcPort(), answers.port(), 2, template.grpcPort());
        manifest.resource()
                .ifPresent(token -> answers.resource()
                        .ifPresent(resource -> renaming.addResource(token, resource.one(), resource.many())));
        return renaming.longestFirst();
    }

    /// From the template's names to the names of its tokens, such as `{package}`: for a lock, in which a path of the
    /// template must not depend on how the template calls itself.
    static Renaming toPlaceholders(Manifest manifest) {
        Identity from = manifest.identity();
        var renaming = new Renaming(from.packageName());
        renaming.addPackage(from.packageName(), "{package}");
        renaming.addGroup(from.groupId(), "{group}");
        renaming.add(from.artifact(), "{artifact}");
        renaming.add(from.app(), "{app}");
        renaming.add(from.env(), "{env}");
        from.database().ifPresent(token -> renaming.add(token, "{database}"));
        manifest.resource().ifPresent(token -> {
            renaming.add(token.name(), "{Resource}");
            renaming.add(token.name().toLowerCase(Locale.ROOT), "{resource}");
            renaming.add(Words.ofKebab(token.plural()).pascal(), "{Resources}");
            renaming.add(token.plural(), "{resources}");
        });
        return renaming.longestFirst();
    }

    private void add(String text, String replacement) {
        tokens.add(new Fixed(text, replacement));
    }

    private void addPort(OptionalInt token, OptionalInt chosen, int after, OptionalInt template) {
        OptionalInt to = chosen.isPresent() ? OptionalInt.of(chosen.getAsInt() + after) : template;
        if (token.isPresent() && to.isPresent()) {
            add(String.valueOf(token.getAsInt()), String.valueOf(to.getAsInt()));
        }
    }

    private void addGroup(String from, String to) {
        add(from, to);
        add(from.replace('.', '/'), to.replace('.', '/'));
    }

    private void addPackage(String from, String to) {
        tokens.add(new OwnPackage(from, to, '.'));
        tokens.add(new OwnPackage(from.replace('.', '/'), to.replace('.', '/'), '/'));
    }

    /// `Base service` becomes `Loyalty service`: a kind that the template's title ends with is kept.
    private void addTitle(String token, Words name) {
        String kind = " service";
        String title = name.sentence();
        String full = token.endsWith(kind) && !title.endsWith(kind) ? title + kind : title;
        add(token, full);
        add(lowerFirst(token), lowerFirst(full));
    }

    private void addResource(ResourceToken token, Words one, Words many) {
        addNoun(token.name().toLowerCase(Locale.ROOT), one);
        addNoun(token.plural(), many);
    }

    private void addNoun(String word, Words words) {
        tokens.add(new Noun(word, words));
        tokens.add(new Noun(Words.ofKebab(word).pascal(), words));
        tokens.add(new Noun(word.toUpperCase(Locale.ROOT), words));
    }

    private Renaming longestFirst() {
        tokens.sort(Comparator.comparingInt((Token token) -> token.text().length())
                .reversed()
                .thenComparing(Token::text));
        return this;
    }

    /// A file's path; its words are names.
    String path(String path) {
        return rename(path, List.of(new Span(0, path.length(), Place.NAME)));
    }

    /// A file's text.
    ///
    /// @param path tells the language
    String text(String path, String text) {
        return rename(text, Language.of(path).spans(text));
    }

    /// The package that the template's own packages are below.
    String ownPackage() {
        return ownPackage;
    }

    /// An identifier of Java, GraphQL or proto.
    String code(String identifier) {
        return rename(identifier, List.of(new Span(0, identifier.length(), Place.CODE)));
    }

    /// Whether the resource is a part of this identifier.
    boolean hasNoun(String identifier) {
        for (int at = 0; at < identifier.length(); at++) {
            if (tokenAt(identifier, at).filter(Noun.class::isInstance).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /// Whether this identifier is the resource's, alone.
    boolean isNoun(String identifier) {
        return tokens.stream()
                .anyMatch(token -> token instanceof Noun && token.text().equals(identifier));
    }

    private String rename(String text, List<Span> spans) {
        var out = new StringBuilder(text.length() + text.length() / 8);
        int packageEnd = 0;
        int at = 0;
        int span = 0;
        while (at < text.length()) {
            Optional<Token> found = tokenAt(text, at);
            if (found.isEmpty()) {
                out.append(text.charAt(at++));
                continue;
            }
            int end = at + found.get().text().length();
            switch (found.get()) {
                case Fixed fixed -> out.append(fixed.replacement());
                case OwnPackage own -> {
                    out.append(own.replacement());
                    packageEnd = endOfPackage(text, end, own.separator());
                }
                case Noun noun -> {
                    while (spans.get(span).end() <= at) {
                        span++;
                    }
                    String word = at < packageEnd
                            ? noun.words().packagePart()
                            : written(noun, text, at, end, spans.get(span).place());
                    if (VOWEL_SOUND.matcher(word).matches() && articleAtEnd(out)) {
                        out.insert(out.length() - 1, 'n');
                    }
                    out.append(word);
                }
            }
            at = end;
        }
        return out.toString();
    }

    private Optional<Token> tokenAt(String text, int at) {
        char first = text.charAt(at);
        for (Token token : tokens) {
            String wanted = token.text();
            if (wanted.charAt(0) == first
                    && text.startsWith(wanted, at)
                    && Kind.boundary(text, at)
                    && (wanted.endsWith("_") || Kind.boundary(text, at + wanted.length()))) {
                return Optional.of(token);
            }
        }
        return Optional.empty();
    }

    private static String written(Noun noun, String text, int start, int end, Place place) {
        Words words = noun.words();
        char before = start == 0 ? '\n' : text.charAt(start - 1);
        char after = end == text.length() ? '\n' : text.charAt(end);
        boolean inIdentifier = isWordPart(before) || isWordPart(after);
        if (Character.isUpperCase(noun.text().charAt(1))) {
            return words.upperSnake();
        }
        if (Character.isUpperCase(noun.text().charAt(0))) {
            return place == Place.PROSE && !inIdentifier && !quoted(before, after) ? words.sentence() : words.pascal();
        }
        if (before == '_' || after == '_') {
            return words.snake();
        }
        if (inIdentifier || place == Place.CODE) {
            return words.camel();
        }
        if (place == Place.SQL) {
            boolean parameter = before == ':' && !text.startsWith("::", start - 2);
            return parameter ? words.camel() : words.sql();
        }
        if (anyOf("/-", before, after)) {
            return words.kebab();
        }
        if (place == Place.PROSE && !quoted(before, after)) {
            return words.spaced();
        }
        return anyOf(".:", before, after) ? words.kebab() : words.camel();
    }

    private static boolean isWordPart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static boolean quoted(char before, char after) {
        return anyOf("\"'`", before, '\n') && (after == before || after == '\\');
    }

    private static boolean anyOf(String set, char before, char after) {
        return set.indexOf(before) >= 0 || set.indexOf(after) >= 0;
    }

    private static boolean articleAtEnd(StringBuilder out) {
        String end = out.substring(Math.max(0, out.length() - ARTICLE_REACH));
        return ARTICLE_AT_END.matcher(end).matches();
    }

    private static int endOfPackage(String text, int from, char separator) {
        int end = from;
        while (end + 1 < text.length() && text.charAt(end) == separator && isLower(text.charAt(end + 1))) {
            int next = end + 1;
            while (next < text.length() && (isLower(text.charAt(next)) || Character.isDigit(text.charAt(next)))) {
                next++;
            }
            if (separator == '/' && next < text.length() && text.charAt(next) == '.') {
                break;
            }
            end = next;
        }
        return end;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static String lowerFirst(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    /// The kinds of characters, between which words begin and end.
    private enum Kind {
        SMALL,
        CAPITAL,
        DIGIT,
        OTHER;

        static Kind of(char c) {
            if (Character.isDigit(c)) {
                return DIGIT;
            }
            if (!Character.isLetter(c)) {
                return OTHER;
            }
            return Character.isUpperCase(c) ? CAPITAL : SMALL;
        }

        static boolean boundary(String text, int at) {
            if (at == 0 || at == text.length()) {
                return true;
            }
            Kind before = of(text.charAt(at - 1));
            Kind after = of(text.charAt(at));
            boolean changes = before != after && !(before == CAPITAL && after == SMALL);
            return changes || before == OTHER || after == OTHER;
        }
    }
}
