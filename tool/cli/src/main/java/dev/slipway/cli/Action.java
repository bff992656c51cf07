package dev.slipway.cli;

import java.io.IOException;

/// A command, once its arguments are read.
interface Action {

    Answer run(Narration narration) throws IOException, InterruptedException;
}
