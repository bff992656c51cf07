package dev.slipway.cli;

import java.util.Map;

/// What a command has to say.
///
/// @param text for people, on standard output; empty if there is nothing
/// @param result for programs, under `result` in the document
record Answer(int exitCode, String text, Map<String, ?> result) {

    static Answer ok(String text, Map<String, ?> result) {
        return new Answer(ExitCode.OK.number(), text, result);
    }
}
