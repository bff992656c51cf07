package dev.slipway.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Divides a file into places, as roughly as renaming needs it: one pattern for each family of languages.
///
/// The groups of a pattern say what was found: `prose` (comments), `literal` (judged by what it says), `sql` and
/// `name`. Whatever no pattern finds is the language's usual place.
enum Language {
    JAVA(
            Place.CODE,
            "(?<prose>//[^\\n]*|/\\*(?s:.*?)\\*/)"
                    + "|(?<literal>\"\"\"(?s:.*?)\"\"\"|\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\")"
                    + "|(?<name>'(?:\\\\.|[^'\\\\\\n])')"),
    SQL(Place.SQL, "(?<prose>--[^\\n]*)"),
    MARKDOWN(Place.PROSE, "(?<sql>```sql(?s:.*?)```)|(?<name>```(?s:.*?)```|`[^`\\n]+`|\\]\\([^)\\n]*\\))"),
    YAML(
            Place.NAME,
            "(?m)(?<prose>(?:^|(?<=[ \\t]))#[^\\n]*)|(?<literal>\"[^\"\\n]*\"|'[^'\\n]*'|(?<=: |- )(?![\"'#|>])[^\\n#]+|^ +[^:\\n#]+$)"),
    MARKUP(Place.NAME, "(?<prose><!--(?s:.*?)-->)|(?<literal>(?<=>)[^<>]+(?=<))"),
    SCRIPT(Place.NAME, "(?m)(?<prose>(?:^|(?<=[ \\t]))#[^\\n]*)|(?<literal>\"[^\"\\n]*\"|'[^'\\n]*')");

    private static final Map<String, Language> BY_ENDING = Map.ofEntries(
            Map.entry("java", JAVA),
            Map.entry("proto", JAVA),
            Map.entry("sql", SQL),
            Map.entry("md", MARKDOWN),
            Map.entry("txt", MARKDOWN),
            Map.entry("yaml", YAML),
            Map.entry("yml", YAML),
            Map.entry("xml", MARKUP),
            Map.entry("html", MARKUP),
            Map.entry("svg", MARKUP));

    /// Inside comments and Markdown, what stands for code: `` `widget` ``, a link, an inline tag.
    private static final Pattern CODE_IN_PROSE = Pattern.compile("`[^`\\n]+`|\\[[^\\]\\n]+\\]|\\{@[^}\\n]*\\}");

    /// SQL begins with one of its words, all small or all capital; a sentence begins with one capital.
    private static final Pattern SQL_TEXT = sqlText(
            "select|insert|update|delete|with|from|where|join|left|inner|and|or"
                    + "|on|set|into|values|order|group|limit|having|returning|union|create|alter|drop|truncate|merge|lock|copy");

    /// A GraphQL document, a fragment of one, or the way to something in the answer, whose names are written as in Java.
    private static final Pattern GRAPHQL_TEXT =
            Pattern.compile("(?s)[\\s\"]*(?:(?:query|mutation|subscription|fragment)\\b"
                    + "[^{]*\\{\\s*\\w.*|\\{\\s+\\w.*|/data/.*|.*\\.\\.\\.\\s*on \\w.*)");

    private static Pattern sqlText(String words) {
        return Pattern.compile("(?s)[\\s\"'(]*(?:" + words + "|" + words.toUpperCase(Locale.ROOT) + ")\\s.*");
    }

    private final Place usual;
    private final Pattern pattern;

    Language(Place usual, String pattern) {
        this.usual = usual;
        this.pattern = Pattern.compile(pattern);
    }

    static Language of(String path) {
        return BY_ENDING.getOrDefault(path.substring(path.lastIndexOf('.') + 1), SCRIPT);
    }

    /// The places of a text, in order and without gaps.
    List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        int at = 0;
        Matcher found = pattern.matcher(text);
        while (found.find()) {
            fill(spans, text, at, found.start(), usual);
            fill(spans, text, found.start(), found.end(), place(found));
            at = found.end();
        }
        fill(spans, text, at, text.length(), usual);
        return spans;
    }

    /// A stretch of text of one kind, from `start` up to but not including `end`.
    record Span(int start, int end, Place place) {}

    private Place place(Matcher found) {
        for (String group : found.namedGroups().keySet()) {
            if (found.start(group) >= 0) {
                return switch (group) {
                    case "prose" -> Place.PROSE;
                    case "sql" -> Place.SQL;
                    case "name" -> Place.NAME;
                    case String literal -> judge(found.group());
                };
            }
        }
        return usual;
    }

    private static Place judge(String literal) {
        if (SQL_TEXT.matcher(literal).matches()) {
            return Place.SQL;
        }
        if (GRAPHQL_TEXT.matcher(literal).matches()) {
            return Place.CODE;
        }
        return literal.strip().matches("\\S*") ? Place.NAME : Place.PROSE;
    }

    private static void fill(List<Span> spans, String text, int start, int end, Place place) {
        int at = start;
        if (place == Place.PROSE) {
            Matcher code = CODE_IN_PROSE.matcher(text).region(start, end);
            while (code.find()) {
                add(spans, at, code.start(), place);
                add(spans, code.start(), code.end(), Place.NAME);
                at = code.end();
            }
        }
        add(spans, at, end, place);
    }

    private static void add(List<Span> spans, int start, int end, Place place) {
        if (start < end) {
            spans.add(new Span(start, end, place));
        }
    }
}
