package dev.slipway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;

/// Makes a line of text, with its end, of what is logged. Called on the thread that logs, by several at once.
interface LineFormat {

    /// The logger of what a settings file asks to be said when the service is ready, for a shell to take: nothing in it
    /// is hidden, whatever the format.
    String HINT = "hint";

    String line(ILoggingEvent event);
}
