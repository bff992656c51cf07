/// The `slipway` command. Results go to standard output, narration to standard error; `--json` turns either into one
/// document.
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
