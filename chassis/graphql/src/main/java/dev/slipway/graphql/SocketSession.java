package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Failures;
import dev.slipway.resilience.ConcurrencyLimit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One WebSocket that speaks
/// [graphql-transport-ws](https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
///
/// Messages come in on the connection's thread; each operation works on a virtual thread of its own. Nothing is
/// buffered: an operation whose client reads slowly waits in its send, and a client that has not taken one ping by the
/// time of the next is cut off.
final class SocketSession implements WsListener, Watch.Beating {
    static final String PROTOCOL = "graphql-transport-ws";
    private static final HeaderName PROTOCOLS = HeaderNames.create("Sec-WebSocket-Protocol");

    static final int BAD_REQUEST = 4400;
    static final int UNAUTHORIZED = 4401;
    static final int FORBIDDEN = 4403;
    static final int INIT_TIMEOUT = 4408;
    static final int ALREADY_EXISTS = 4409;
    static final int TOO_MANY_INITS = 4429;
    private static final int GOING_AWAY = 1001;
    private static final int TOO_LARGE = 1009;
    private static final int TRY_LATER = 1013;

    private final Serving serving;
    private final ConcurrencyLimit.Workload admission;
    private final Consumer<PeerInfo> heard;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean beating = new AtomicBoolean();
    private final Map<String, Thread> running = new HashMap<>();
    private final StringBuilder message = new StringBuilder();
    private final long opened = System.nanoTime();
    private List<String> authorization = List.of();
    private List<String> forwardedFor = List.of();
    private boolean counted;
    private volatile @Nullable Connected connected;
    private volatile @Nullable CallContext identity;
    private volatile boolean closing;
    private boolean gone;

    private record Connected(WsSession session, Thread reader) {}

    /// @param admission where queries and mutations hold a place, as those by HTTP do
    /// @param heard told whenever the client has said something
    SocketSession(Serving serving, ConcurrencyLimit.Workload admission, Consumer<PeerInfo> heard) {
        this.serving = serving;
        this.admission = admission;
        this.heard = heard;
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) throws WsUpgradeException {
        var offered = headers.first(PROTOCOLS).orElse("");
        if (Arrays.stream(offered.split(",")).map(String::strip).noneMatch(PROTOCOL::equals)) {
            throw new WsUpgradeException("the protocol here is " + PROTOCOL);
        }
        authorization = headers.all(HeaderNames.AUTHORIZATION, List::of);
        forwardedFor = headers.all(HeaderNames.X_FORWARDED_FOR, List::of);
        var answer = WritableHeaders.create();
        answer.set(PROTOCOLS, PROTOCOL);
        return Optional.of(answer);
    }

    @Override
    public void onOpen(WsSession session) {
        connected = new Connected(session, Thread.currentThread());
        heard.accept(session.socketContext().remotePeer());
        counted = serving.connections().tryAcquire();
        serving.watch().opened(this);
        if (!counted) {
            close(TRY_LATER, "Too many connections");
        } else if (serving.isDraining()) {
            close(GOING_AWAY, "The service is stopping");
        }
    }

    @Override
    public void tick() {
        var now = connected;
        if (now != null && !now.reader().isAlive()) {
            // The server says nothing of a client that went without a word.
            end();
            return;
        }
        if (identity == null
                && System.nanoTime() - opened > serving.settings().initTimeout().toNanos()) {
            Thread.ofVirtual()
                    .name("graphql-close")
                    .start(() -> close(INIT_TIMEOUT, "Connection initialisation timeout"));
        }
    }

    @Override
    public void onMessage(WsSession session, String text, boolean last) {
        heard.accept(session.socketContext().remotePeer());
        if (closing) {
            return;
        }
        if (message.length() + text.length() > serving.settings().maxBodySize().intBytes()) {
            close(TOO_LARGE, "The message is too large");
            return;
        }
        message.append(text);
        if (last) {
            var whole = message.toString();
            message.setLength(0);
            try {
                receive(whole);
            } catch (ProblemException e) {
                close(BAD_REQUEST, "Invalid message");
            }
        }
    }

    private void receive(String text) {
        var json = serving.operations().json().read(text.getBytes(StandardCharsets.UTF_8), Object.class);
        if (!(json instanceof Map<?, ?> map)) {
            throw Command.MALFORMED.asException();
        }
        switch (map.get("type") instanceof String type ? type : "") {
            case "connection_init" -> init(map.get("payload"));
            case "ping" -> send(Map.of("type", "pong"));
            case "pong" -> {}
            case "subscribe" -> subscribe(id(map), map.get("payload"));
            case "complete" -> cancel(id(map));
            default -> throw Command.MALFORMED.asException();
        }
    }

    private static String id(Map<?, ?> message) {
        if (message.get("id") instanceof String id && !id.isEmpty() && id.length() <= 100) {
            return id;
        }
        throw Command.MALFORMED.asException();
    }

    private void init(@Nullable Object payload) {
        if (identity != null) {
            close(TOO_MANY_INITS, "Too many initialisation requests");
            return;
        }
        if (payload instanceof Map<?, ?> map) {
            var sent = map.get("Authorization") == null ? map.get("authorization") : map.get("Authorization");
            if (sent instanceof String text) {
                authorization = List.of(text);
            }
        }
        try {
            var peer = Objects.requireNonNull(connected)
                    .session()
                    .socketContext()
                    .remotePeer()
                    .address();
            identity = serving.identified(context(), authorization, peer, forwardedFor);
            send(Map.of("type", "connection_ack"));
        } catch (ProblemException e) {
            close(FORBIDDEN, "Forbidden");
        }
    }

    private CallContext context() {
        return serving.operations()
                .contexts()
                .ofRequest("graphql", null, null, serving.settings().requestTimeout());
    }

    private void subscribe(String id, @Nullable Object payload) {
        var known = identity;
        if (known == null) {
            close(UNAUTHORIZED, "Unauthorized");
            return;
        }
        var command = Command.of(payload);
        var context = context().withAddress(known.address()).withCaller(known.caller());
        synchronized (running) {
            if (running.containsKey(id)) {
                close(ALREADY_EXISTS, "Subscriber for " + id + " already exists");
                return;
            }
            if (running.size() < serving.settings().subscriptionsPerConnection() && !gone) {
                var thread = Thread.ofVirtual().name("graphql-" + id).unstarted(() -> serve(id, command, context));
                running.put(id, thread);
                thread.start();
                return;
            }
        }
        error(id, Engine.Result.refused(Serving.TOO_MANY), context);
    }

    private void serve(String id, Command command, CallContext context) {
        var begin = System.nanoTime();
        var admitted = admission.tryAcquire();
        Engine.@Nullable Plan plan = null;
        Engine.Result result;
        try {
            plan = admitted ? serving.plan(command, context.caller()) : null;
            if (plan == null) {
                result = Engine.Result.refused(Failures.OVERLOADED);
            } else if (plan.isSubscription()) {
                admission.release(begin, System.nanoTime(), ConcurrencyLimit.Sample.UNMEASURED);
                admitted = false;
                result = serving.subscribe(plan, context, authorization, event -> next(id, event, context));
            } else {
                result = serving.execute(plan, context, budget -> {}, exchange -> {});
                admission.release(begin, System.nanoTime(), Serving.outcome(result));
                admitted = false;
                if (result.executed()) {
                    next(id, result, context);
                }
            }
            if (ended(id)) {
                if (result.executed()) {
                    send(Map.of("id", id, "type", "complete"));
                } else {
                    error(id, result, context);
                }
            }
        } catch (InterruptedException e) {
            result = Engine.Result.refused(Failures.GONE);
        } catch (Exception e) {
            result = Serving.refusal(e);
            if (ended(id)) {
                error(id, result, context);
            }
        } finally {
            ended(id);
            if (admitted) {
                admission.release(begin, System.nanoTime(), ConcurrencyLimit.Sample.UNMEASURED);
            }
        }
        serving.log(
                plan == null ? Served.refused("websocket", result) : Served.of("websocket", plan, result),
                context,
                System.nanoTime() - begin);
        if (result.failures().stream()
                .anyMatch(failure -> failure.problem().code().equals("invalid-token"))) {
            close(FORBIDDEN, "Forbidden");
        }
    }

    /// Whether it was this call that ended the operation.
    private boolean ended(String id) {
        synchronized (running) {
            return running.remove(id, Thread.currentThread());
        }
    }

    /// Interrupts an operation, but never while it writes: that would close the socket under all others.
    private void cancel(String id) {
        Thread thread;
        synchronized (running) {
            thread = running.remove(id);
        }
        if (thread != null) {
            interrupt(thread);
        }
    }

    private void interrupt(Thread thread) {
        writing.lock();
        try {
            thread.interrupt();
        } finally {
            writing.unlock();
        }
    }

    private void next(String id, Engine.Result result, CallContext context) throws InterruptedException {
        var frame = new LinkedHashMap<String, Object>();
        frame.put("id", id);
        frame.put("type", "next");
        frame.put("payload", result.toMap(context.requestId()));
        var text = text(frame);
        writing.lockInterruptibly();
        try {
            var now = connected;
            if (now == null || closing) {
                throw new InterruptedException("the connection is closed");
            }
            now.session().send(text, true);
        } catch (RuntimeException e) {
            var lost = new InterruptedException("the connection is lost");
            lost.initCause(e);
            throw lost;
        } finally {
            writing.unlock();
        }
    }

    private void error(String id, Engine.Result result, CallContext context) {
        var frame = new LinkedHashMap<String, Object>();
        frame.put("id", id);
        frame.put("type", "error");
        frame.put(
                "payload",
                result.failures().stream()
                        .map(failure -> failure.toMap(context.requestId()))
                        .toList());
        send(frame);
    }

    private String text(Map<String, ?> frame) {
        return new String(serving.wire().write(frame), StandardCharsets.UTF_8);
    }

    private void send(Map<String, ?> frame) {
        var text = text(frame);
        write(session -> session.send(text, true));
    }

    private void close(int code, String reason) {
        if (!closing) {
            write(session -> session.close(code, reason));
            closing = true;
        }
    }

    private void write(java.util.function.Consumer<WsSession> what) {
        var now = connected;
        if (now == null || closing) {
            return;
        }
        writing.lock();
        try {
            what.accept(now.session());
        } catch (RuntimeException e) {
            now.reader().interrupt();
        } finally {
            writing.unlock();
        }
    }

    /// Pings the client and looks at its token again. A client that was told to go and has not, or that took no ping
    /// since the last beat, is cut off.
    @Override
    public void beat() {
        var now = connected;
        if (now == null) {
            return;
        }
        if (closing || !beating.compareAndSet(false, true)) {
            now.reader().interrupt();
            return;
        }
        Thread.ofVirtual().name("graphql-beat").start(() -> {
            if (serving.isDraining()) {
                close(GOING_AWAY, "The service is stopping");
            } else if (identity != null) {
                try {
                    serving.operations().callers().identifyAgain(authorization);
                    send(Map.of("type", "ping"));
                } catch (ProblemException e) {
                    close(FORBIDDEN, "Forbidden");
                }
            }
            beating.set(false);
        });
    }

    @Override
    public void onClose(WsSession session, int status, String reason) {
        end();
    }

    @Override
    public void onError(WsSession session, Throwable failure) {
        end();
    }

    private void end() {
        List<Thread> threads;
        synchronized (running) {
            if (gone) {
                return;
            }
            gone = true;
            threads = List.copyOf(running.values());
            running.clear();
        }
        closing = true;
        serving.watch().closed(this);
        if (counted) {
            serving.connections().release();
        }
        threads.forEach(Thread::interrupt);
    }
}
