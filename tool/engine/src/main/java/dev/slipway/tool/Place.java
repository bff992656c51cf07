package dev.slipway.tool;

/// What kind of text surrounds a word; with the word's neighbours it decides the style of a longer name.
enum Place {
    /// Source code: `giftCard`.
    CODE,
    /// A word without spaces around it, such as a key, a path or a quoted name: `gift-card` beside `/ - . :`,
    /// else `giftCard`.
    NAME,
    /// SQL: `gift_card`.
    SQL,
    /// Sentences: `gift card`.
    PROSE
}
