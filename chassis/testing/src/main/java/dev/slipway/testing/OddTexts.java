package dev.slipway.testing;

import java.util.List;
import java.util.Locale;

/// What parsers of ids and times are known to take although no document says so, beside what they must take.
final class OddTexts {
    private static final String ID = "6f1c2b1e-52a4-4d0e-9f3a-0123456789ab";
    private static final String TIME = "2026-01-31T12:00:00Z";

    static final List<String> ALL = List.of(
            ID,
            ID.toUpperCase(Locale.ROOT),
            ID.replace("-", ""),
            "{" + ID + "}",
            "urn:uuid:" + ID,
            " " + ID,
            ID + "\n",
            "1-1-1-1-1",
            "bxwrHlKkTQ6fOgEjRWeJqw==",
            TIME,
            "2026-01-31T12:00:00.123456789Z",
            "2026-01-31T12:00:00+01:00",
            "2026-01-31T12:00:00+0100",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00Z",
            "2026-01-31 12:00:00Z",
            "2026-01-31",
            "2026-02-30T12:00:00Z",
            "+1000000000-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            " " + TIME,
            TIME + " ",
            "1700000000",
            "1700000000.5",
            "-1");

    private OddTexts() {}
}
