package dev.slipway.testing;

import java.util.List;
import java.util.Random;

/// Text of every kind that Unicode has, for tests of inputs: letters of all planes, what is special to some protocol or
/// store, and, if it is asked for, what is no text at all.
public final class RandomText {
    private static final List<String> SPECIAL = List.of(
            "\u0001",
            "\u001f",
            "\t",
            "\n",
            "\r",
            " ",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u00ad",
            "\u00df",
            "\u0130",
            "\u0301",
            "\u0600",
            "\u200b",
            "\u200f",
            "\u2028",
            "\u202e",
            "\ufeff",
            "\ufffd",
            "\uffff",
            "\ud83d\ude00",
            "\udbff\udfff",
            "'",
            "\"",
            "\\",
            "%",
            "_",
            "/",
            ".",
            ",",
            ";",
            "{",
            "<",
            "&",
            "$",
            "`",
            "--");
    private static final List<String> NO_TEXT = List.of("\0", "\ud800", "\udfff", "\udc00\ud800");

    private RandomText() {}

    /// Perhaps with U+0000 or halves of surrogate pairs.
    ///
    /// @param most parts
    public static String of(Random random, int most) {
        var text = new StringBuilder(wellFormed(random, most));
        if (random.nextInt(5) == 0) {
            text.insert(random.nextInt(text.length() + 1), NO_TEXT.get(random.nextInt(NO_TEXT.size())));
        }
        return text.toString();
    }

    /// Without them.
    ///
    /// @param most parts
    public static String wellFormed(Random random, int most) {
        var text = new StringBuilder();
        for (var i = random.nextInt(most + 1); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(SPECIAL.get(random.nextInt(SPECIAL.size())));
                case 1 -> text.appendCodePoint('a' + random.nextInt(26));
                case 2 -> text.appendCodePoint(0x80 + random.nextInt(0x3000));
                default -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
            }
        }
        return text.toString();
    }
}
