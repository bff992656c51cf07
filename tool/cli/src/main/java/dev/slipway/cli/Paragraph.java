package dev.slipway.cli;

/// Prose for a terminal: lines of at most 80 characters, broken between words.
final class Paragraph {

    private static final int WIDTH = 80;

    private Paragraph() {}

    /// @param heading begins the first line; the others are indented by its length
    static String of(String heading, String prose) {
        var lines = new StringBuilder(heading);
        int column = heading.length();
        for (String word : prose.split(" ")) {
            if (column > heading.length()) {
                if (column + 1 + word.length() > WIDTH) {
                    lines.append('\n').repeat(' ', heading.length());
                    column = heading.length();
                } else {
                    lines.append(' ');
                    column++;
                }
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }
}
