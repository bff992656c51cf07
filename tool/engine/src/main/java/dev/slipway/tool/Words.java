package dev.slipway.tool;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/// A name as its words, all in lower case, to be written in whatever style a place asks for.
record Words(List<String> list) {

    /// PostgreSQL 18, appendix C: what is reserved, or cannot name a table or a column.
    private static final Set<String> SQL_RESERVED = Set.of("""
            all analyse analyze and any array as asc asymmetric authorization
            binary both case cast check collate collation column concurrently constraint
            create cross default deferrable desc distinct do else end except
            false fetch for foreign freeze from full grant group having
            ilike in initially inner intersect into is isnull join lateral
            leading left like limit localtime localtimestamp natural not notnull null
            offset on only or order outer overlaps placing primary references
            returning right select session similar some symmetric table tablesample then
            to trailing true union unique user using variadic verbose when
            where window with
            """.split("\\s+"));

    Words {
        list = List.copyOf(list);
    }

    static Words ofKebab(String kebab) {
        return new Words(Arrays.asList(kebab.split("-")));
    }

    static Words ofPascal(String pascal) {
        return new Words(Arrays.stream(pascal.split("(?<=[a-z0-9])(?=[A-Z])"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList());
    }

    String kebab() {
        return String.join("-", list);
    }

    String snake() {
        return String.join("_", list);
    }

    String upperSnake() {
        return snake().toUpperCase(Locale.ROOT);
    }

    /// As a table or a column: the SQL standard promises no keyword that ends with an underscore (PostgreSQL 18, 4.1.1).
    String sql() {
        return SQL_RESERVED.contains(snake()) ? snake() + "_" : snake();
    }

    /// As a part of a package's name: a keyword gets an underscore at its end (JLS 25, 6.1).
    String packagePart() {
        String flat = String.join("", list);
        return SourceVersion.isKeyword(flat) ? flat + "_" : flat;
    }

    String pascal() {
        return list.stream().map(Words::capital).collect(Collectors.joining());
    }

    String camel() {
        String pascal = pascal();
        return pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
    }

    String spaced() {
        return String.join(" ", list);
    }

    /// As a sentence begins: `Gift card`.
    String sentence() {
        return capital(spaced());
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
