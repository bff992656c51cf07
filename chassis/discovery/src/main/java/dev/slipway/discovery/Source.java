package dev.slipway.discovery;

import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;

/// Where the instances of one service are learnt from.
interface Source {

    /// Brings all instances, then all of them again whenever they change, and returns after about one refresh interval,
    /// to be called again.
    ///
    /// @throws IOException if the source cannot be asked; what is known remains in use
    void follow(Consumer<Collection<Instance>> news) throws IOException, InterruptedException;

    /// For the log.
    @Override
    String toString();
}
