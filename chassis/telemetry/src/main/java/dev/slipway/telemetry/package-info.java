/// What a service tells about itself: metrics for machines, logs for both.
///
/// Metrics belong to one service each. The log belongs to the process, because there is one standard output: services
/// that share a JVM share its format and its levels.
@NullMarked
package dev.slipway.telemetry;

import org.jspecify.annotations.NullMarked;
