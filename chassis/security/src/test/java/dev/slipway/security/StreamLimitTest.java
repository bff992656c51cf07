package dev.slipway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamLimitTest {
    private static final Caller STRANGER = new Caller.Anonymous();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StreamLimit limit = new StreamLimit("streams", 3, 2, meters);

    private static Caller ann() {
        return new Caller.Authenticated("ann", Optional.empty(), Set.of(), Set.of());
    }

    private void refuses(Caller caller, String address, Problem.Kind kind) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limit.enter(caller, address))
                .satisfies(refused -> {
                    assertThat(refused.problem().kind()).isEqualTo(kind);
                    assertThat(refused.problem().code()).isEqualTo("too-many-streams");
                    assertThat(refused.problem().retryAfter()).isPresent();
                });
    }

    private double open() {
        return meters.get("streams").gauge().value();
    }

    @Test
    void one_address_does_not_take_all_places() {
        limit.enter(STRANGER, "203.0.113.9");
        var second = limit.enter(STRANGER, "203.0.113.9");
        refuses(STRANGER, "203.0.113.9", Problem.Kind.TOO_MANY);
        limit.enter(STRANGER, "203.0.113.10");
        refuses(STRANGER, "203.0.113.11", Problem.Kind.UNAVAILABLE);
        assertThat(open()).isEqualTo(3);

        second.close();
        second.close();
        assertThat(open()).isEqualTo(2);
        limit.enter(STRANGER, "203.0.113.9");
        refuses(STRANGER, "203.0.113.9", Problem.Kind.TOO_MANY);
    }

    @Test
    void who_is_signed_in_is_counted_by_name_and_a_house_of_ipv6_is_one() {
        limit.enter(ann(), "203.0.113.9");
        limit.enter(ann(), "203.0.113.10");
        refuses(ann(), "203.0.113.11", Problem.Kind.TOO_MANY);
        limit.enter(STRANGER, "203.0.113.9").close();

        var others = new StreamLimit("others", 9, 2, meters);
        others.enter(STRANGER, "2001:db8::1");
        others.enter(STRANGER, "2001:db8::2");
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> others.enter(STRANGER, "2001:db8::3"));
    }

    @Test
    void a_place_that_was_refused_is_not_counted() {
        var all = new StreamLimit("all", 1, 5, meters);
        var only = all.enter(STRANGER, "");
        for (var i = 0; i < 10; i++) {
            assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> all.enter(STRANGER, "203.0.113.9"));
        }
        only.close();
        all.enter(STRANGER, "203.0.113.9");
    }
}
