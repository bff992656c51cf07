package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Failures;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is said over one WebSocket:
/// [graphql-transport-ws](https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
///
/// Messages come in on the connection's thread; each operation works on a virtual thread of its own. Nothing is
/// buffered: an operation whose client reads slowly waits in its send, and a client that has not taken one ping by the
/// time of the next is cut off. When the service stops, subscriptions end, queries and mutations are answered, and then
/// the client is told to go elsewhere (1001).
final class SocketSession implements Socket.Listener, Watch.Beating {
    static final String PROTOCOL = "graphql-transport-ws";

    private final Serving serving;
    private final ConcurrencyLimit.Workload admission;
    private final StreamLimit streams;
    private final Consumer<PeerInfo> heard;
    private final SocketOperations operations;
    private final AtomicBoolean beating = new AtomicBoolean();
    private final long begin;
    private final List<String> forwardedFor;
    private List<String> authorization;
    private volatile StreamLimit.@Nullable Place place;
    private volatile @Nullable Socket socket;
    private volatile @Nullable CallContext identity;

    /// @param headers of the request that opened it
    /// @param admission where queries and mutations hold a place, as those by HTTP do
    /// @param streams where it holds a place, as streams by HTTP do
    /// @param heard told whenever the client has sent something
    SocketSession(
            Serving serving,
            Headers headers,
            ConcurrencyLimit.Workload admission,
            StreamLimit streams,
            Consumer<PeerInfo> heard) {
        this.serving = serving;
        this.admission = admission;
        this.streams = streams;
        this.begin = serving.time().nanoTime();
        this.heard = heard;
        this.operations = new SocketOperations(serving.settings().subscriptionsPerConnection());
        this.authorization = headers.all(HeaderNames.AUTHORIZATION, List::of);
        this.forwardedFor = headers.all(HeaderNames.X_FORWARDED_FOR, List::of);
    }

    @Override
    public void opened(Socket opened) {
        socket = opened;
        heard(opened);
        serving.watch().opened(this);
        try {
            enter(new Caller.Anonymous());
        } catch (ProblemException e) {
            opened.close(SocketCodes.TRY_LATER, "Too many connections");
            return;
        }
        if (serving.isDraining()) {
            leave();
        }
    }

    /// Takes a place among the streams of a caller, and gives back the one that it had.
    private void enter(Caller caller) {
        exit();
        place = streams.enter(caller, serving.client(socket().peer().address(), forwardedFor));
    }

    private void exit() {
        var taken = place;
        if (taken != null) {
            taken.close();
        }
    }

    @Override
    public void heard(Socket from) {
        heard.accept(from.peer());
    }

    @Override
    public void received(String text) {
        try {
            var json = serving.operations().json().read(text.getBytes(StandardCharsets.UTF_8), Object.class);
            if (!(json instanceof Map<?, ?> message)) {
                throw Command.MALFORMED.asException();
            }
            switch (message.get("type") instanceof String type ? type : "") {
                case "connection_init" -> init(message.get("payload"));
                case "ping" -> socket().tell(json(Map.of("type", "pong")));
                case "pong" -> {}
                case "subscribe" -> subscribe(id(message), message.get("payload"), text.length());
                case "complete" -> operations.cancel(id(message)).forEach(socket()::interrupt);
                default -> throw Command.MALFORMED.asException();
            }
        } catch (ProblemException e) {
            socket().close(SocketCodes.BAD_REQUEST, "Invalid message");
        }
    }

    private Socket socket() {
        return Objects.requireNonNull(socket, "the connection is not open yet");
    }

    private static String id(Map<?, ?> message) {
        if (message.get("id") instanceof String id && !id.isEmpty() && id.length() <= 100) {
            return id;
        }
        throw Command.MALFORMED.asException();
    }

    private void init(@Nullable Object payload) {
        if (identity != null) {
            socket().close(SocketCodes.TOO_MANY_INITS, "Too many initialisation requests");
            return;
        }
        if (payload instanceof Map<?, ?> map) {
            var sent = map.get("Authorization") == null ? map.get("authorization") : map.get("Authorization");
            if (sent instanceof String text) {
                authorization = List.of(text);
            }
        }
        CallContext known;
        try {
            known = serving.identified(context(), authorization, socket().peer().address(), forwardedFor);
        } catch (ProblemException e) {
            socket().close(SocketCodes.FORBIDDEN, "Forbidden");
            return;
        }
        try {
            enter(known.caller());
        } catch (ProblemException e) {
            socket().close(SocketCodes.TRY_LATER, "Too many connections");
            return;
        }
        identity = known;
        socket().tell(json(Map.of("type", "connection_ack")));
    }

    private CallContext context() {
        return serving.operations()
                .contexts()
                .ofRequest("graphql", null, null, null, serving.settings().requestTimeout());
    }

    private void subscribe(String id, @Nullable Object payload, int size) {
        var known = identity;
        if (known == null) {
            socket().close(SocketCodes.UNAUTHORIZED, "Unauthorized");
            return;
        }
        var command = Command.of(payload, size);
        var context = context().withAddress(known.address()).withCaller(known.caller());
        switch (operations.begin(id, () -> serve(id, command, context))) {
            case STARTED -> {}
            case ALREADY_THERE ->
                socket().close(SocketCodes.ALREADY_EXISTS, "Subscriber for " + id + " already exists");
            case TOO_MANY -> refuse(id, Engine.Result.refused(Serving.TOO_MANY), context);
            case LEAVING -> refuse(id, Engine.Result.refused(Failures.STOPPING), context);
        }
    }

    private void serve(String id, Command command, CallContext context) {
        var start = serving.time().nanoTime();
        var served = new Ticket(start);
        Engine.Result result;
        try {
            result = served.serve(id, command, context);
            if (operations.ended(id)) {
                if (result.executed()) {
                    socket().tell(json(Map.of("id", id, "type", "complete")));
                } else {
                    refuse(id, result, context);
                }
            }
        } catch (InterruptedException e) {
            result = Engine.Result.refused(serving.isDraining() ? Failures.STOPPING : Failures.GONE);
        } catch (Exception e) {
            result = Serving.refusal(e);
            if (operations.ended(id)) {
                refuse(id, result, context);
            }
        } finally {
            operations.ended(id);
            served.leave(ConcurrencyLimit.Sample.UNMEASURED);
        }
        serving.log(served.of(result), context, serving.time().nanoTime() - start);
        if (result.failures().stream()
                .anyMatch(failure -> failure.problem().code().equals("invalid-token"))) {
            socket().close(SocketCodes.FORBIDDEN, "Forbidden");
        }
        closeIfLeft();
    }

    /// One operation at the admission, on the operation's thread.
    private final class Ticket {
        private final long start;
        private final boolean admitted = admission.tryAcquire();
        private boolean inside = admitted;
        private Engine.@Nullable Plan plan;

        Ticket(long start) {
            this.start = start;
        }

        Engine.Result serve(String id, Command command, CallContext context) throws Exception {
            if (!admitted) {
                return Engine.Result.refused(Failures.OVERLOADED);
            }
            var planned = serving.plan(command, context.caller());
            plan = planned;
            if (planned.isSubscription()) {
                leave(ConcurrencyLimit.Sample.UNMEASURED);
                return operations.subscribes(id)
                        ? serving.subscribe(planned, context, authorization, event -> next(id, event, context))
                        : Engine.Result.refused(Failures.STOPPING);
            }
            var result = serving.execute(planned, context, budget -> {}, execution -> {});
            leave(Serving.outcome(result));
            if (result.executed()) {
                next(id, result, context);
            }
            return result;
        }

        /// Gives the place back, once.
        void leave(ConcurrencyLimit.Sample sample) {
            if (inside) {
                inside = false;
                admission.release(start, serving.time().nanoTime(), sample);
            }
        }

        Served of(Engine.Result result) {
            var known = plan;
            return known == null
                    ? Served.refused(Served.WEBSOCKET, result)
                    : Served.of(Served.WEBSOCKET, known, result);
        }
    }

    private void next(String id, Engine.Result result, CallContext context) throws InterruptedException {
        var message = new LinkedHashMap<String, Object>();
        message.put("id", id);
        message.put("type", "next");
        message.put("payload", result.toMap(context.requestId()));
        socket().send(json(message));
    }

    private void refuse(String id, Engine.Result result, CallContext context) {
        var errors = result.failures().stream()
                .map(failure -> failure.toMap(context.requestId()))
                .toList();
        socket().tell(json(Map.of("id", id, "type", "error", "payload", errors)));
    }

    private byte[] json(Map<String, ?> message) {
        return serving.wire().write(message);
    }

    /// Ends what does not end by itself, and closes the connection once all else has been answered.
    @Override
    public void leave() {
        operations.leave().forEach(socket()::interrupt);
        closeIfLeft();
    }

    private void closeIfLeft() {
        if (operations.hasLeft()) {
            socket().close(SocketCodes.GOING_AWAY, "The service is stopping");
        }
    }

    /// Cuts off a client that was told to go and has not.
    @Override
    public void tick() {
        if (!socket().isRead()) {
            ended();
        } else if (socket().isOverdue()) {
            socket().cut();
        } else if (identity == null
                && !socket().isToldToClose()
                && serving.time().nanoTime() - begin
                        > serving.settings().initTimeout().toNanos()) {
            Thread.ofVirtual()
                    .name("graphql-close")
                    .start(() -> socket().close(SocketCodes.INIT_TIMEOUT, "Connection initialisation timeout"));
        }
    }

    /// Pings the client and looks at its token again. A client that took no ping since the last beat is cut off.
    @Override
    public void beat() {
        if (!beating.compareAndSet(false, true)) {
            socket().cut();
            return;
        }
        Thread.ofVirtual().name("graphql-beat").start(() -> {
            if (identity != null) {
                try {
                    serving.operations().callers().identifyAgain(authorization);
                    socket().tell(json(Map.of("type", "ping")));
                } catch (ProblemException e) {
                    socket().close(SocketCodes.FORBIDDEN, "Forbidden");
                }
            }
            beating.set(false);
        });
    }

    @Override
    public void ended() {
        if (serving.watch().closed(this)) {
            operations.gone().forEach(Thread::interrupt);
            exit();
        }
    }
}
