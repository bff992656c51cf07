package dev.slipway.core;

/// Text that every protocol can carry and every store can keep.
public final class Unicode {
    private Unicode() {}

    /// Whether it is well-formed (no half of a surrogate pair, for which UTF-8 has no bytes) and without U+0000, which
    /// PostgreSQL does not keep.
    public static boolean isText(String value) {
        for (var i = 0; i < value.length(); i++) {
            var next = value.charAt(i);
            if (next == 0) {
                return false;
            }
            if (Character.isSurrogate(next)) {
                if (!Character.isHighSurrogate(next)
                        || ++i == value.length()
                        || !Character.isLowSurrogate(value.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
