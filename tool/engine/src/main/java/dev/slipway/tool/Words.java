package dev.slipway.tool;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A name as its words, all in lower case, to be written in whatever style a place asks for.
record Words(List<String> list) {

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

    String flat() {
        return String.join("", list);
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
