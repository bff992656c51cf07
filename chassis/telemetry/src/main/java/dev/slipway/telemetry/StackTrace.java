package dev.slipway.telemetry;

import ch.qos.logback.classic.spi.IThrowableProxy;
import org.jspecify.annotations.Nullable;

/// Renders an exception with its causes, each message redacted and on one line, each with its innermost frames only, so
/// that a deep recursion does not hide the cause.
final class StackTrace {
    private static final int MOST_FRAMES_OF_EACH = 32;
    private static final int MOST_CHARACTERS = 16 * 1024;

    private StackTrace() {}

    static String of(IThrowableProxy thrown, Redaction redaction) {
        var text = new StringBuilder();
        var prefix = "";
        for (@Nullable IThrowableProxy cause = thrown;
                cause != null && text.length() < MOST_CHARACTERS;
                cause = cause.getCause()) {
            append(text, prefix, cause, redaction);
            for (var suppressed : cause.getSuppressed()) {
                append(text, "Suppressed: ", suppressed, redaction);
            }
            prefix = "Caused by: ";
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String prefix, IThrowableProxy thrown, Redaction redaction) {
        text.append(prefix).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            Escape.controls(text.append(": "), redaction.redact(thrown.getMessage()));
        }
        text.append('\n');
        var frames = thrown.getStackTraceElementProxyArray();
        var own = frames.length - thrown.getCommonFrames();
        var shown = Math.min(own, MOST_FRAMES_OF_EACH);
        for (var i = 0; i < shown; i++) {
            text.append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
        if (shown < own) {
            text.append("\t… ").append(own - shown).append(" more\n");
        }
    }
}
