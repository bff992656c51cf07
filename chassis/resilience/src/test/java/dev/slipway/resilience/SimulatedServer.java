package dev.slipway.resilience;

import dev.slipway.resilience.ConcurrencyLimit.Sample;
import dev.slipway.resilience.ConcurrencyLimit.Workload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A server behind a limit, in a time of its own: requests arrive at random and wait in line for one of its workers.
final class SimulatedServer {
    private static final double SECOND = 1e9;

    /// What arrived, and how those that were let in fared.
    record Seen(int offered, int refused, List<Duration> latencies) {
        double refusedShare() {
            return (double) refused / offered;
        }

        Duration percentile(double percent) {
            return latencies.get((int) (latencies.size() * percent / 100));
        }

        double rate(Duration time) {
            return latencies.size() / (time.toNanos() / SECOND);
        }
    }

    private record Request(Workload workload, long begin, double service) {}

    /// Something that happens at a time: the end of a request, or an arrival if there is none.
    private record Event(long at, @Nullable Request ends) {}

    private final Nanos time = new Nanos();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConcurrencyLimit limit;
    private final Random random;
    private final Queue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private final Queue<Request> line = new ArrayDeque<>();
    private final int workers;
    private int busy;
    private boolean stands;

    SimulatedServer(long seed, int workers, ConcurrencyLimitSettings settings) {
        this.random = new Random(seed);
        this.workers = workers;
        this.limit = new ConcurrencyLimit("http", settings, meters, time);
    }

    ConcurrencyLimit limit() {
        return limit;
    }

    double refused() {
        return meters.get("server.concurrency.refused").counter().count();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    /// Serves for a while.
    ///
    /// @param rate requests that arrive in a second
    /// @param service how long a worker is busy with a request, on average; the times are distributed exponentially
    Seen serve(Duration span, double rate, Workload workload, Duration service) {
        var end = time.getAsLong() + span.toNanos();
        var seen = new Seen(0, 0, new ArrayList<>());
        var offered = 0;
        var refused = 0;
        events.add(new Event(next(rate), null));
        while (true) {
            var event = events.peek();
            if (event == null || event.at() > end) {
                break;
            }
            events.remove();
            time.to(event.at());
            var ended = event.ends();
            if (ended != null) {
                busy--;
                ended.workload().release(ended.begin(), time.getAsLong(), Sample.SERVED);
                seen.latencies().add(Duration.ofNanos(time.getAsLong() - ended.begin()));
            } else {
                offered++;
                events.add(new Event(next(rate), null));
                if (workload.tryAcquire()) {
                    line.add(new Request(workload, time.getAsLong(), exponential() * service.toNanos()));
                } else {
                    refused++;
                }
            }
            work();
        }
        events.removeIf(event -> event.ends() == null);
        time.to(end);
        seen.latencies().sort(null);
        return new Seen(offered, refused, seen.latencies());
    }

    /// Nothing is done for a while, as in a long collection of garbage, while requests keep arriving.
    void pause(Duration span, double rate, Workload workload, Duration service) {
        stands = true;
        serve(span, rate, workload, service);
        stands = false;
    }

    private void work() {
        while (!stands && busy < workers) {
            var request = line.poll();
            if (request == null) {
                return;
            }
            busy++;
            events.add(new Event(time.getAsLong() + (long) request.service(), request));
        }
    }

    private long next(double rate) {
        return time.getAsLong() + (long) (exponential() / rate * SECOND);
    }

    private double exponential() {
        return -Math.log(1 - random.nextDouble());
    }
}
