package dev.slipway.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// SQL whose parameters are `:names`, made ready for JDBC, which knows only `?`.
///
/// Quoted text (not the `E'\''` form), comments and casts (`::`) are left alone, and PostgreSQL's operators with `?` are escaped.
///
/// @param text the SQL with `?`
/// @param names the distinct names
/// @param positions for each `?`, the index of its name
/// @param writes whether it begins like a statement that changes something
record NamedSql(String text, List<String> names, int[] positions, boolean writes) {
    private static final Pattern TOKEN = Pattern.compile("""
            '[^']*' | "[^"]*" | --[^\\n]* | /\\*.*?\\*/ | (\\$\\w*\\$).*?\\1 | :: | :(?<name>[A-Za-z_]\\w*) | (?<operator>\\?)\
            """, Pattern.COMMENTS | Pattern.DOTALL);
    private static final Pattern FIRST_WORD =
            Pattern.compile("\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(\\w+)", Pattern.DOTALL);
    private static final Set<String> READS = Set.of("select", "with", "values", "table", "show", "explain");

    static NamedSql parse(String sql) {
        var names = new ArrayList<String>();
        var positions = new ArrayList<Integer>();
        var text = new StringBuilder();
        var tokens = TOKEN.matcher(sql);
        while (tokens.find()) {
            var name = tokens.group("name");
            if (name != null) {
                if (!names.contains(name)) {
                    names.add(name);
                }
                positions.add(names.indexOf(name));
                tokens.appendReplacement(text, "?");
            } else if (tokens.group("operator") != null) {
                tokens.appendReplacement(text, "??");
            }
        }
        tokens.appendTail(text);
        var first = FIRST_WORD.matcher(sql);
        var writes = first.find() && !READS.contains(first.group(1).toLowerCase(Locale.ROOT));
        return new NamedSql(
                text.toString(),
                List.copyOf(names),
                positions.stream().mapToInt(Integer::intValue).toArray(),
                writes);
    }
}
