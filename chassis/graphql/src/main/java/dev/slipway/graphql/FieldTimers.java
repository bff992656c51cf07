package dev.slipway.graphql;

import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import dev.slipway.operation.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How calls of one field end, counted and timed.
final class FieldTimers {
    private enum Ending {
        DONE,
        REFUSED,
        FAILED
    }

    private final Map<Ending, Timer> timers = new EnumMap<>(Ending.class);
    private final Time time;

    FieldTimers(MeterRegistry meters, Time time, String field) {
        this.time = time;
        for (var ending : Ending.values()) {
            timers.put(
                    ending,
                    Timer.builder("graphql.server.fields")
                            .description("Calls of operations by GraphQL")
                            .tags("field", field, "outcome", ending.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /// @return what it is ended with
    long begin() {
        return time.nanoTime();
    }

    void ended(Outcome<?> outcome, long begin) {
        record(
                switch (outcome) {
                    case Outcome.Done<?> done -> Ending.DONE;
                    case Outcome.Refused<?> refused -> Ending.REFUSED;
                },
                begin);
    }

    void failed(Throwable failure, long begin) {
        var foreseen = failure instanceof ProblemException known
                && !known.problem().kind().isFailure();
        record(foreseen ? Ending.REFUSED : Ending.FAILED, begin);
    }

    private void record(Ending ending, long begin) {
        var timer = timers.get(ending);
        if (timer != null) {
            timer.record(time.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }
}
