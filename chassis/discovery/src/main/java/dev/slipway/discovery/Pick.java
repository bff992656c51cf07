package dev.slipway.discovery;

/// An instance picked for one call; say how the call ended, and close it when it has.
///
/// A call that is closed without a verdict tells nothing of the instance: the caller went away, or the request was at
/// fault. Used by one thread at a time.
public final class Pick implements AutoCloseable {
    private final Targets targets;
    private final Upstream upstream;
    private final int verdicts;
    private boolean judged;
    private boolean closed;

    Pick(Targets targets, Upstream upstream) {
        this.targets = targets;
        this.upstream = upstream;
        this.verdicts = upstream.verdicts;
        upstream.inFlight.getAndIncrement();
    }

    public Instance instance() {
        return upstream.instance;
    }

    /// `host:port`, as it stands in a URI.
    public String address() {
        return upstream.address;
    }

    /// The instance answered, whatever it answered. The first verdict counts.
    public void succeeded() {
        if (!judged) {
            judged = true;
            targets.succeeded(upstream, verdicts);
        }
    }

    /// The instance was not reached, did not answer in time or could not serve. The first verdict counts.
    public void failed() {
        if (!judged) {
            judged = true;
            targets.failed(upstream, verdicts);
        }
    }

    /// The call has ended; closing again does nothing.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            upstream.inFlight.getAndDecrement();
        }
    }
}
