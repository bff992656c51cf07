package dev.slipway.graphql;

import dev.slipway.core.ProblemException;
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

    FieldTimers(MeterRegistry meters, String field) {
        for (var ending : Ending.values()) {
            timers.put(
                    ending,
                    Timer.builder("graphql.server.fields")
                            .description("Calls of operations by GraphQL")
                            .tags("field", field, "outcome", ending.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
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
            timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }
}
