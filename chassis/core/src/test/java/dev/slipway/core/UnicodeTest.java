package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnicodeTest {
    /// By its number: not all of this is text to XML, in which the report is written.
    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {"", "a", "\u0001\u001f\u007f", "\u00e4\u4e16", "\ud83d\ude00", "a\ud83d\ude00b", "\ufeff\ufffe"})
    void text_is_what_utf_8_can_say(String text) {
        assertThat(Unicode.isText(text)).isTrue();
    }

    @Test
    void zero_and_halves_of_pairs_are_none() {
        for (var text :
                new String[] {"\0", "a\0b", "\ud83d", "\ude00", "\ude00\ud83d", "\ud83dx", "\ud83d\ud83d\ude00"}) {
            assertThat(Unicode.isText(text)).isFalse();
        }
    }
}
