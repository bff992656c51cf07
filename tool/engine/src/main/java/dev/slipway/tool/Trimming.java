package dev.slipway.tool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes out of a Java file what uses types that are not there: imports, record components, calls in a chain, elements of
/// `of(…)`, statements and members, each the smallest that holds the use; and what uses a variable or method that
/// went with them.
///
/// Text is removed, never parsed and written back: it looks at brackets, strings, comments and semicolons alone.
final class Trimming {

    /// Comments, text blocks, strings and characters.
    private static final Pattern BLANK = Pattern.compile(
            "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (static )?([\\w.]+)\\.(\\w+|\\*);\\R");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_$][\\w$]*");
    private static final Pattern VARIABLE = Pattern.compile(
            "\\s*(?:@\\w+\\s+)*(?:(?:private|protected|public|static|final)\\s+)*[\\w.<>\\[\\], ?]+\\s(\\w+)\\s*(?:=.*|;)",
            Pattern.DOTALL);
    private static final Pattern RECORD = Pattern.compile("(?s).*\\brecord\\s+\\w+\\s*(?:<[^(]*>)?\\s*");
    private static final Pattern COLLECTION =
            Pattern.compile("(?s).*\\b(?:List|Set|Stream|Map|EnumSet)\\s*\\.\\s*of\\s*");
    private static final Pattern METHOD = Pattern.compile("(?s).*[\\w>\\]]\\s+(\\w+)\\s*");
    private static final Pattern WORD_BEFORE_BLOCK =
            Pattern.compile("(?s).*\\b(else|do|try|finally|throws [\\w., ]+)\\s*");
    /// How far back the head of a declaration or call is looked for.
    private static final int REACH = 120;

    private static final Set<String> KEYWORDS = Set.of(
            "if", "for", "while", "switch", "try", "catch", "synchronized", "return", "new", "throw", "else", "do");

    /// A name that is not there, within a part of the text.
    private record Gone(String name, int from, int to) {}

    private final String text;
    /// The text with blanks for what stands in strings and comments.
    private final String code;
    private final int[] partner;
    private final List<Gone> gone = new ArrayList<>();
    /// From their starts to their ends; none holds another.
    private final TreeMap<Integer, Integer> removed = new TreeMap<>();

    private Trimming(String text) {
        this.text = text;
        this.code = blanked(text);
        this.partner = partners(code);
    }

    /// @param packages of types that are not there, with all below them
    /// @param types by their simple names
    static String without(String java, Collection<String> packages, Set<String> types) {
        var trimming = new Trimming(java);
        if (!trimming.find(packages, types)) {
            return java;
        }
        trimming.remove();
        return trimming.result();
    }

    private boolean find(Collection<String> packages, Set<String> types) {
        for (String type : types) {
            gone.add(new Gone(type, 0, text.length()));
        }
        Matcher line = IMPORT.matcher(code);
        while (line.find()) {
            String whole = line.group(2) + "." + line.group(3);
            boolean isThere = packages.stream().noneMatch(tree -> whole.startsWith(tree + "."))
                    && types.stream().noneMatch(type -> ("." + whole + ".").contains("." + type + "."));
            if (!isThere) {
                removed.put(line.start(), line.end());
                gone.add(new Gone(line.group(3), 0, text.length()));
            }
        }
        return gone.stream().anyMatch(name -> code.contains(name.name()));
    }

    private void remove() {
        for (int i = 0; i < gone.size(); i++) {
            Gone name = gone.get(i);
            Matcher word = WORD.matcher(code);
            int at = name.from();
            while (word.find(at) && word.start() < name.to()) {
                at = word.end();
                if (word.group().equals(name.name()) && !isRemoved(word.start()) && !qualified(word.start())) {
                    removeAround(word.start());
                }
            }
        }
    }

    private boolean isRemoved(int at) {
        var range = removed.floorEntry(at);
        return range != null && at < range.getValue();
    }

    private boolean qualified(int at) {
        int before = back(at);
        return (before >= 0 && code.charAt(before) == '.') || isDeclared(at);
    }

    /// The name of the file's own type is no use of it.
    private boolean isDeclared(int at) {
        String before = code.substring(Math.max(0, at - 12), at);
        return before.matches("(?s).*\\b(class|record|interface|enum)\\s+");
    }

    private void removeAround(int at) {
        int use = at;
        int open = enclosing(use);
        while (open >= 0 && code.charAt(open) != '{') {
            String before = code.substring(Math.max(0, open - REACH), open);
            if (code.charAt(open) == '(') {
                if (RECORD.matcher(before).matches()
                        || COLLECTION.matcher(before).matches()) {
                    removeElement(open, use);
                    return;
                }
                int dot = chained(open);
                if (dot >= 0) {
                    remove(dot, partner[open] + 1);
                    return;
                }
            }
            use = open;
            open = enclosing(use);
        }
        if (open < 0) {
            throw new GenerationException(
                    GenerationException.Cause.TEMPLATE,
                    "a type is built on what can be left out: "
                            + code.substring(at).lines().findFirst().orElse(""),
                    "Put the type into a file of the feature");
        }
        removeStatement(open, use);
    }

    /// Where a call begins that follows another in a chain, so that what is before it is an expression of its own.
    private int chained(int open) {
        int end = back(open) + 1;
        int start = end;
        while (start > 0 && Character.isJavaIdentifierPart(code.charAt(start - 1))) {
            start--;
        }
        int dot = start == end ? -1 : back(start);
        int receiver = dot >= 0 && code.charAt(dot) == '.' ? back(dot) : -1;
        return receiver >= 0 && code.charAt(receiver) == ')' ? receiver + 1 : -1;
    }

    private void removeElement(int open, int use) {
        List<int[]> elements = new ArrayList<>();
        int start = open + 1;
        for (int i = open + 1; i <= partner[open]; i++) {
            char c = code.charAt(i);
            if ((c == ',' && separates(i, open)) || i == partner[open]) {
                elements.add(new int[] {start, i});
                start = i + 1;
            } else if (partner[i] > i) {
                i = partner[i];
            }
        }
        for (int i = 0; i < elements.size(); i++) {
            int[] element = elements.get(i);
            if (element[0] <= use && use <= element[1]) {
                boolean last = true;
                for (int later = i + 1; later < elements.size(); later++) {
                    last &= isRemoved(elements.get(later)[0] + 1);
                }
                int from = element[0];
                if (last) {
                    // The comma before it, which stands after the last element that stays.
                    int kept = i - 1;
                    while (kept >= 0 && isRemoved(elements.get(kept)[0] + 1)) {
                        kept--;
                    }
                    from = kept < 0 ? element[0] : elements.get(kept)[1];
                }
                remove(from, last ? element[1] : element[1] + 1);
            }
        }
    }

    /// Angle brackets are no brackets here, so a comma between type arguments must be told from one between elements.
    private boolean separates(int comma, int open) {
        int angles = 0;
        for (int i = open + 1; i < comma; i++) {
            if (partner[i] > i) {
                i = partner[i];
            } else if (code.charAt(i) == '<') {
                angles++;
            } else if (code.charAt(i) == '>' && code.charAt(i - 1) != '-') {
                angles--;
            }
        }
        return angles <= 0;
    }

    private void removeStatement(int open, int use) {
        int start = open + 1;
        int end = -1;
        for (int i = open + 1; i < partner[open]; i++) {
            char c = code.charAt(i);
            boolean closes = c == ';';
            if (partner[i] > i) {
                closes = c == '{' && ends(i);
                i = partner[i];
            }
            if (closes) {
                if (i >= use) {
                    end = i + 1;
                    break;
                }
                start = i + 1;
            }
        }
        if (end < 0) {
            end = partner[open];
        }
        String statement = code.substring(start, end);
        learn(statement, open, end);
        remove(withComment(start, end), end);
    }

    /// Whether the statement or member ends with this block.
    private boolean ends(int block) {
        String after = code.substring(partner[block] + 1).stripLeading();
        return !after.matches("(?s)(;|\\.|,|(else|catch|finally|while)\\b).*");
    }

    /// From where the line after the last statement begins, so that comments right above go along; comments with an empty
    /// line below them stay.
    private int withComment(int start, int end) {
        int from = start;
        int newLine = text.indexOf('\n', start);
        if (newLine >= 0 && newLine < end && code.substring(start, newLine).isBlank()) {
            from = newLine;
        }
        int first = from;
        while (first < end && Character.isWhitespace(code.charAt(first))) {
            first++;
        }
        int gap = text.lastIndexOf("\n\n", first);
        return gap > from ? gap + 1 : from;
    }

    /// What is declared by what goes is not there either.
    private void learn(String statement, int open, int end) {
        int parameters = statement.indexOf('(');
        Matcher variable = VARIABLE.matcher(statement);
        if (variable.matches() && (parameters < 0 || parameters > variable.start(1))) {
            boolean field = !isBody(open);
            gone.add(new Gone(variable.group(1), field ? 0 : end, field ? text.length() : partner[open]));
        } else if (parameters > 0 && statement.stripTrailing().endsWith("}")) {
            Matcher method = METHOD.matcher(statement.substring(0, parameters));
            if (method.matches() && !KEYWORDS.contains(method.group(1))) {
                gone.add(new Gone(method.group(1), 0, text.length()));
            }
        }
    }

    /// Whether a brace opens the body of a method or a block within it, and not that of a type.
    private boolean isBody(int open) {
        int before = back(open);
        if (before < 0) {
            return false;
        }
        if (code.charAt(before) == ')') {
            String head = code.substring(Math.max(0, partner[before] - REACH), partner[before]);
            return !RECORD.matcher(head).matches();
        }
        return code.charAt(before) == '>'
                || WORD_BEFORE_BLOCK.matcher(code.substring(0, open)).matches();
    }

    private void remove(int from, int to) {
        removed.subMap(from, true, to, false).clear();
        removed.put(from, to);
    }

    private String result() {
        var kept = new StringBuilder();
        int at = 0;
        for (var range : removed.entrySet()) {
            if (range.getKey() >= at) {
                kept.append(text, at, range.getKey());
            }
            at = Math.max(at, range.getValue());
        }
        return kept.append(text, at, text.length()).toString();
    }

    private int back(int from) {
        int at = from - 1;
        while (at >= 0 && Character.isWhitespace(code.charAt(at))) {
            at--;
        }
        return at;
    }

    private int enclosing(int at) {
        for (int i = at - 1; i >= 0; i--) {
            if (partner[i] > at) {
                return i;
            }
        }
        return -1;
    }

    /// For each bracket its partner; 0 for all else.
    private static int[] partners(String code) {
        var partner = new int[code.length()];
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < code.length(); i++) {
            if ("({[".indexOf(code.charAt(i)) >= 0) {
                open.push(i);
            } else if (")}]".indexOf(code.charAt(i)) >= 0 && !open.isEmpty()) {
                int begin = open.pop();
                partner[begin] = i;
                partner[i] = begin;
            }
        }
        return partner;
    }

    private static String blanked(String text) {
        return BLANK.matcher(text).replaceAll(found -> found.group().replaceAll("[^\\n]", " "));
    }
}
