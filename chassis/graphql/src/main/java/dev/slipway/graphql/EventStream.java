package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// One operation answered as server-sent events, on the thread of its connection. It is written without a buffer: who
/// reads slowly holds up nobody but themselves.
final class EventStream implements Watch.Beating {
    private final OutputStream out;
    private final Serving serving;
    private final String requestId;
    private final List<String> authorization;
    private final Thread owner = Thread.currentThread();
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean beating = new AtomicBoolean();
    private long bytes;

    EventStream(OutputStream out, Serving serving, String requestId, List<String> authorization) {
        this.out = out;
        this.serving = serving;
        this.requestId = requestId;
        this.authorization = authorization;
    }

    /// Returns when the stream has ended; the last event says so.
    Engine.Result serve(Engine.Plan plan, CallContext context) throws IOException {
        serving.watch().opened(this);
        try {
            write(":\n\n");
            var result = plan.isSubscription()
                    ? serving.subscribe(plan, context, authorization, this::next)
                    : serving.execute(plan, context, budget -> {});
            if (!plan.isSubscription() || !result.failures().isEmpty()) {
                next(result);
            }
            write("event: complete\ndata:\n\n");
            return result;
        } catch (InterruptedException e) {
            return Engine.Result.refused(Exchange.GONE);
        } finally {
            serving.watch().closed(this);
        }
    }

    long bytes() {
        return bytes;
    }

    private void next(Engine.Result result) throws InterruptedException {
        var json = new String(serving.wire().write(result.toMap(requestId)), StandardCharsets.UTF_8);
        try {
            write("event: next\ndata: " + json + "\n\n");
        } catch (IOException | RuntimeException e) {
            var gone = new InterruptedException("the subscriber has gone");
            gone.initCause(e);
            throw gone;
        }
    }

    private void write(String text) throws IOException {
        writing.lock();
        try {
            var written = text.getBytes(StandardCharsets.UTF_8);
            bytes += written.length;
            out.write(written);
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    /// Shows that the client is there and its token good; if not, the subscription ends.
    @Override
    public void beat() {
        if (!beating.compareAndSet(false, true)) {
            owner.interrupt();
            return;
        }
        Thread.ofVirtual().name("graphql-beat").start(() -> {
            try {
                serving.operations().authenticateAgain(authorization);
                write(":\n\n");
                beating.set(false);
            } catch (IOException | RuntimeException e) {
                owner.interrupt();
            }
        });
    }
}
