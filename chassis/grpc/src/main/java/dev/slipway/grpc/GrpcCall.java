package dev.slipway.grpc;

import com.google.protobuf.Message;
import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import dev.slipway.operation.Expected;
import dev.slipway.operation.Failures;
import dev.slipway.operation.Items;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Request;
import dev.slipway.security.Callers;
import dev.slipway.security.RateLimits;
import dev.slipway.security.StreamLimit;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One call, from its headers to its trailers.
///
/// The transport tells what arrives on one of its own threads, where nothing may block; the work is done on a virtual
/// thread, which is interrupted when the client goes or the deadline is over. Only that thread answers, except where it
/// was never started.
abstract sealed class GrpcCall extends ServerCall.Listener<Received> permits SingleRequestCall, RequestStreamCall {
    private static final Problem INCOMPLETE =
            Problem.of(Kind.INVALID, "bad-request", "This method takes exactly one message.");

    private static final Problem NO_TIMEOUT =
            Problem.of(Kind.INVALID, "bad-request", "The value of grpc-timeout is at most eight digits and a unit.");

    /// Why a call ends before its work is done.
    private enum End {
        CLIENT_GONE,
        /// The client is told why.
        REFUSED,
        /// A message is too large; gRPC has answered.
        UNREADABLE
    }

    final ServerCall<Received, Message> call;
    private final Method method;
    private final Metadata headers;
    private final long begin;
    private final Object lock = new Object();
    private final Object readiness = new Object();
    private final boolean isEndedByTransport;
    private final CallTracer tracer;
    private final Duration limit;
    private CallContext context;
    private RateLimits.@Nullable Budget budget;
    private boolean admitted;
    private long admittedAt;
    private boolean headersSent;
    private volatile @Nullable Timeout timer;
    private @Nullable Thread worker;
    private @Nullable End end;
    private Problem refusal = Failures.LATE;
    private boolean ended;
    private volatile List<String> authorization = List.of();
    /// The worker's own, as it is the last that has to do with the call.
    private StreamLimit.@Nullable Place place;

    GrpcCall(Method method, ServerCall<Received, Message> call, Metadata headers) {
        this.method = method;
        this.call = call;
        this.headers = headers;
        this.begin = time().nanoTime();
        this.tracer = CallTracer.ofCurrentCall();
        var deadline = Context.current().getDeadline();
        this.limit = limit(method, deadline);
        // The transport keeps the client's own deadline; what is cut or set here is kept here.
        this.isEndedByTransport = deadline != null && !limit.equals(method.longest());
        this.context = operations()
                .contexts()
                .ofRequest(
                        method.binding().description().name(),
                        headers.get(Keys.REQUEST_ID),
                        headers.get(Keys.CORRELATION_ID),
                        headers.get(Keys.TRACEPARENT),
                        limit);
    }

    /// Does the work: everything from the policy to the last message.
    ///
    /// @throws dev.slipway.core.ProblemException if the call is refused
    abstract void serve() throws Exception;

    /// The deadline of the client, unless it sent none or one that is too long.
    private static Duration limit(Method method, @Nullable Deadline deadline) {
        if (deadline == null) {
            return method.byDefault();
        }
        var rest = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
        return rest.compareTo(method.longest()) < 0 ? rest : method.longest();
    }

    final GrpcCall begin() {
        method.server().waiting().add(this);
        if (!isEndedByTransport) {
            timer = afterwards(limit);
        }
        method.server().openCalls().add(this);
        start();
        return this;
    }

    private Timeout afterwards(Duration left) {
        return method.server().deadlines().newTimeout(due -> late(), left.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void late() {
        boolean answered;
        synchronized (lock) {
            answered = ended;
        }
        if (answered) {
            // The client has not taken it, and nothing is kept for it any longer.
            tracer.reset();
        } else {
            stop(Failures.LATE);
        }
    }

    /// Asks for what the work needs, or starts it.
    abstract void start();

    /// Takes the call on, now that its message is there: who waits for a client takes no place, and is not late. Once it
    /// has been, this does nothing.
    ///
    /// @return whether the call goes on; else it has been refused or has ended
    final boolean admit() {
        synchronized (lock) {
            if (admitted || ended || end != null) {
                return admitted && end == null;
            }
            method.server().waiting().remove(this);
            admitted = method.admission().enter();
            admittedAt = time().nanoTime();
        }
        if (!admitted) {
            stop(Failures.OVERLOADED);
        }
        return admitted;
    }

    /// Refuses the call, since there are too many.
    final void overloaded() {
        stop(Failures.OVERLOADED);
    }

    /// Starts the work, unless the call has ended meanwhile.
    final void work() {
        synchronized (lock) {
            if (end == null && !ended) {
                worker = Thread.startVirtualThread(this::run);
            }
        }
    }

    /// Ends a call that is not what its method takes.
    final void malformed() {
        synchronized (lock) {
            if (ended || end != null) {
                return;
            }
            end = End.CLIENT_GONE;
        }
        finish(refuse(INCOMPLETE));
    }

    @Override
    public void onCancel() {
        transported();
        stop(End.CLIENT_GONE);
    }

    /// Also after an answer of this side, when nothing is left to stop.
    @Override
    public void onComplete() {
        transported();
        stop(End.UNREADABLE);
    }

    /// Nothing of the call is left in the transport.
    private void transported() {
        var pending = timer;
        if (pending != null) {
            pending.cancel();
        }
    }

    /// Ends a stream whose token is valid no longer.
    final void authenticateAgain() {
        if (!authorization.isEmpty()) {
            try {
                operations().callers().identifyAgain(authorization);
            } catch (ProblemException e) {
                stop(e.problem());
            }
        }
    }

    /// The service stops: a stream ends, unless it comes to its end by itself.
    void endIntake() {
        giveUp();
    }

    /// The service stops, and waits no longer.
    final void giveUp() {
        stop(Failures.STOPPING);
    }

    final boolean isStream() {
        return call.getMethodDescriptor().getType() != MethodType.UNARY;
    }

    private void stop(Problem why) {
        synchronized (lock) {
            if (end == null) {
                refusal = why;
            }
        }
        stop(End.REFUSED);
    }

    private void stop(End why) {
        synchronized (lock) {
            if (ended || end != null) {
                return;
            }
            end = why;
            if (worker != null) {
                worker.interrupt();
                return;
            }
        }
        finish(ending(why));
    }

    private void run() {
        Throwable refusal = null;
        try {
            if (tracer.hasMalformedTimeout()) {
                throw NO_TIMEOUT.asException();
            }
            context = context.withAddress(operations().callers().needAddress() ? address() : "");
            authorization = all(headers, Keys.AUTHORIZATION);
            context = context.withCaller(operations().callers().identify(authorization, context.address()));
        } catch (Throwable e) {
            refusal = e;
        }
        var refused = refusal;
        ScopedValue.where(CallContext.CURRENT, context).run(() -> serve(refused));
    }

    private void serve(@Nullable Throwable refused) {
        try {
            if (refused != null) {
                throw refused;
            }
            serve();
            finish(close(Status.OK, new Metadata()));
        } catch (Throwable e) {
            finish(failed(e));
        }
    }

    /// Counts it among the streams of who calls, once, before it does anything: for the worker.
    ///
    /// @throws ProblemException if it is one too many
    final void enterStreams() {
        if (place == null) {
            place = method.server().streams().enter(context.caller(), address());
        }
    }

    private String address() {
        return address(operations().callers(), call, headers);
    }

    /// The client's; empty if it has none.
    static String address(Callers callers, ServerCall<?, ?> call, Metadata headers) {
        return PeerAddress.of(call)
                .map(peer -> callers.address(peer, all(headers, Keys.FORWARDED_FOR)))
                .orElse("");
    }

    private static List<String> all(Metadata headers, Metadata.Key<String> key) {
        var values = headers.getAll(key);
        if (values == null) {
            return List.of();
        }
        var list = new ArrayList<String>(1);
        values.forEach(list::add);
        return list;
    }

    private Status.Code failed(Throwable failure) {
        End why;
        synchronized (lock) {
            why = end;
        }
        if (why != null) {
            // What an interrupt broke on its way up is no news.
            return ending(why);
        }
        return refuse(Failures.of(failure));
    }

    private Status.Code ending(End why) {
        return switch (why) {
            case CLIENT_GONE ->
                operations().contexts().isLate(context) ? Status.Code.DEADLINE_EXCEEDED : Status.Code.CANCELLED;
            case REFUSED -> refuse(refusal);
            case UNREADABLE -> Status.Code.UNKNOWN;
        };
    }

    private Status.Code refuse(Problem problem) {
        var code = GrpcProblems.code(problem.kind());
        var trailers = GrpcProblems.trailers(problem, method.server().service(), context.requestId());
        trailers.put(Keys.REQUEST_ID, context.requestId());
        putBudget(trailers);
        return close(code.toStatus().withDescription(problem.detail()), trailers);
    }

    private Status.Code close(Status status, Metadata trailers) {
        if (call.isCancelled()) {
            return Status.Code.CANCELLED;
        }
        if (status.isOk()) {
            sendHeaders();
        }
        call.close(status, trailers);
        return status.getCode();
    }

    /// @throws InterruptedException if the call has ended, also since it had not been admitted before and is not now
    final void send(Message message) throws InterruptedException {
        if (!admit()) {
            throw ended();
        }
        sendHeaders();
        call.sendMessage(message);
    }

    /// Waits until the transport takes more, so that what a slow client has not read is not heaped up in memory.
    ///
    /// @throws InterruptedException if the call has ended
    final void awaitReady() throws InterruptedException {
        synchronized (readiness) {
            while (!call.isReady()) {
                requireOpen();
                readiness.wait();
            }
        }
    }

    /// Before each wait: an interrupt comes once, and the work may have caught it and gone on.
    ///
    /// @throws InterruptedException if the call has ended
    final void requireOpen() throws InterruptedException {
        synchronized (lock) {
            if (end != null) {
                throw ended();
            }
        }
    }

    private static InterruptedException ended() {
        // What it throws stands for the interrupt.
        Thread.interrupted();
        return new InterruptedException("the call has ended");
    }

    @Override
    public void onReady() {
        synchronized (readiness) {
            readiness.notifyAll();
        }
    }

    private void sendHeaders() {
        if (!headersSent) {
            headersSent = true;
            var answer = new Metadata();
            answer.put(Keys.REQUEST_ID, context.requestId());
            putBudget(answer);
            call.sendHeaders(answer);
        }
    }

    private void putBudget(Metadata answer) {
        if (budget != null) {
            answer.put(Keys.RATE_LIMIT_POLICY, budget.policy());
            answer.put(Keys.RATE_LIMIT, budget.state());
        }
    }

    private void finish(Status.Code status) {
        synchronized (lock) {
            ended = true;
        }
        method.server().openCalls().remove(this);
        if (place != null) {
            place.close();
        }
        if (Thread.currentThread().isVirtual()) {
            // Nobody interrupts it from here on.
            Thread.interrupted();
        }
        var now = time().nanoTime();
        if (admitted) {
            method.admission()
                    .leave(
                            admittedAt,
                            now,
                            status,
                            hasHadMostOfTheTime(now) && operations().contexts().isLate(context));
        } else {
            method.server().waiting().remove(this);
        }
        var nanos = now - begin;
        method.metrics().record(status, nanos);
        AccessLog.served(method.name(), status, nanos, context);
        boundTaking();
    }

    /// The client takes the answer before the deadline. After a deadline, and at the end of a stream, whose deadline is far
    /// away, it has as long as a unary call may take.
    private void boundTaking() {
        var pending = timer;
        if (!call.isCancelled() && (isStream() || (pending != null && pending.isExpired()))) {
            if (pending != null) {
                pending.cancel();
            }
            timer = afterwards(method.server().settings().longestDeadline());
        }
    }

    final Time time() {
        return method.server().time();
    }

    /// Whether the work has had most of the time to itself, so that being late is its own fault and not the client's.
    private boolean hasHadMostOfTheTime(long now) {
        return now - admittedAt > limit.toNanos() / 2;
    }

    final Operations operations() {
        return method.server().operations();
    }

    /// What the operation asks of this call and its message.
    final <I> Request<I> request(RequestCodec<I> codec, Message message) {
        return new GrpcRequest<>() {
            @Override
            public String parameter(String name) {
                return codec.parameter(name, message);
            }

            @Override
            public I input() {
                return codec.input(message);
            }

            @Override
            public Expected expected() {
                return codec.expected(message);
            }
        };
    }

    /// What the operation asks of this call and its stream of messages.
    final <T> Request<Items<T>> request(Items<T> items) {
        return new GrpcRequest<>() {
            @Override
            public String parameter(String name) {
                throw new IllegalStateException("a stream has no parameter " + name);
            }

            @Override
            public Items<T> input() {
                return items;
            }
        };
    }

    private abstract class GrpcRequest<I> implements Request<I> {
        @Override
        public Optional<String> idempotencyKey() {
            var sent = headers.getAll(Keys.IDEMPOTENCY_KEY);
            return sent == null ? Optional.empty() : Request.key(sent);
        }

        @Override
        public void budget(RateLimits.Budget left) {
            budget = left;
        }
    }
}
