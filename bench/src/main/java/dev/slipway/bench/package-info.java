/// Measures the user service beside a bare twin of its most frequent request, and what the command line takes.
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
