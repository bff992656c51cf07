package dev.slipway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;

/// Makes a line of text, with its end, of what is logged. Called on the thread that logs, by several at once.
interface LineFormat {

    String line(ILoggingEvent event);
}
