package dev.slipway.telemetry;

import ch.qos.logback.classic.spi.IThrowableProxy;
import org.jspecify.annotations.Nullable;

/// Renders an exception with its causes, each message redacted and on one line, and the whole of bounded length.
final class StackTrace {
    private static final int MOST_CHARACTERS = 8 * 1024;

    private StackTrace() {}

    static String of(IThrowableProxy thrown, Redaction redaction) {
        var text = new StringBuilder();
        var prefix = "";
        for (@Nullable IThrowableProxy cause = thrown; cause != null && !isFull(text); cause = cause.getCause()) {
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
        var shown = frames.length - thrown.getCommonFrames();
        for (var i = 0; i < shown; i++) {
            if (isFull(text)) {
                text.append("\t… ").append(shown - i).append(" more\n");
                return;
            }
            text.append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
    }

    private static boolean isFull(StringBuilder text) {
        return text.length() > MOST_CHARACTERS;
    }
}
