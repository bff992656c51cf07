package dev.slipway.tool;

import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sorts the imports of a Java file as palantir-java-format does: static ones first, an empty line, the others, each
/// in ASCII order. Needed because a new package or resource name changes the order.
final class Imports {

    /// From the first import to the last, with nothing but imports and empty lines between them.
    private static final Pattern BLOCK = Pattern.compile("(?m)^import [^\\n]+;$(?:\\s*^import [^\\n]+;$)*+");

    private static final Pattern IMPORT = Pattern.compile("import (static )?([^;]+);");

    private Imports() {}

    static String sort(String java) {
        Matcher block = BLOCK.matcher(java);
        if (!block.find()) {
            return java;
        }
        var statics = new TreeSet<String>();
        var plain = new TreeSet<String>();
        Matcher one = IMPORT.matcher(block.group());
        while (one.find()) {
            (one.group(1) == null ? plain : statics).add(one.group(2));
        }
        String newLine = java.contains("\r\n") ? "\r\n" : "\n";
        var sorted = new StringBuilder();
        statics.forEach(
                name -> sorted.append("import static ").append(name).append(';').append(newLine));
        if (!statics.isEmpty() && !plain.isEmpty()) {
            sorted.append(newLine);
        }
        plain.forEach(name -> sorted.append("import ").append(name).append(';').append(newLine));
        sorted.setLength(sorted.length() - newLine.length());
        return java.substring(0, block.start()) + sorted + java.substring(block.end());
    }
}
