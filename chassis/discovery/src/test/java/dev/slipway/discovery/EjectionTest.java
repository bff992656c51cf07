package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EjectionTest {
    private final Balancer balancer = new Balancer(Strategy.ROUND_ROBIN).with(4);

    @ParameterizedTest
    @EnumSource
    void an_instance_that_fails_again_and_again_is_left_out(Strategy strategy) {
        var some = new Balancer(strategy).with("x:80@a", "y:80@a", "z:80@a");
        some.fail("x:80", 3);

        assertThat(some.calls(100)).doesNotContainKey("x:80@a").hasSize(2);
        assertThat(some.targets.instances()).hasSize(3);
    }

    @Test
    void keys_of_an_ejected_instance_go_to_others_and_come_back_with_it() {
        var ring = new Balancer(Strategy.RING_HASH).with(4);
        var owner = owner(ring);
        for (var i = 0; i < 3; i++) {
            try (var pick = ring.targets.pick("key")) {
                pick.failed();
            }
        }
        assertThat(owner(ring)).isNotEqualTo(owner);

        ring.clock.pass(Duration.ofSeconds(10));
        ring.calls(1);
        assertThat(owner(ring)).isEqualTo(owner);
    }

    private static String owner(Balancer ring) {
        try (var pick = ring.targets.pick("key")) {
            return pick.address();
        }
    }

    @Test
    void a_success_in_between_starts_the_count_again() {
        balancer.fail("host-0:80", 2);
        balancer.calls(4);
        balancer.fail("host-0:80", 2);

        assertThat(balancer.calls(4)).containsKey("host-0:80");
        assertThat(balancer.gauge("ejected")).isZero();
    }

    @Test
    void a_call_without_a_verdict_counts_neither_way() {
        balancer.fail("host-0:80", 2);
        for (var i = 0; i < 40; i++) {
            balancer.targets.pick().close();
        }
        balancer.fail("host-0:80", 1);

        assertThat(balancer.gauge("ejected")).isEqualTo(1);
    }

    @Test
    void after_its_time_exactly_one_call_probes_and_its_success_brings_the_instance_back() {
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofMillis(9_999));
        assertThat(balancer.calls(8)).doesNotContainKey("host-0:80");

        balancer.clock.pass(Duration.ofMillis(1));
        var probe = balancer.targets.pick();
        assertThat(probe.address()).isEqualTo("host-0:80");
        assertThat(balancer.calls(8)).doesNotContainKey("host-0:80");

        probe.succeeded();
        probe.close();
        assertThat(balancer.calls(8)).containsEntry("host-0:80", 2);
    }

    @Test
    void an_instance_that_cannot_be_reached_keeps_its_probe_until_it_can() {
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofSeconds(10));

        var elsewhere = balancer.targets.choose(null, endpoint -> !endpoint.address.equals("host-0:80"));

        assertThat(elsewhere).isNotNull();
        assertThat(balancer.calls(1)).containsKey("host-0:80");
    }

    @Test
    void each_failed_probe_doubles_the_time_up_to_the_longest() {
        balancer.fail("host-0:80", 3);
        var times = new ArrayList<Long>();
        for (var i = 0; i < 4; i++) {
            var waited = 0L;
            while (balancer.calls(1, List.of("host-0:80")) == 0) {
                balancer.clock.pass(Duration.ofSeconds(1));
                waited++;
            }
            times.add(waited);
        }

        assertThat(times).containsExactly(10L, 20L, 35L, 35L);
    }

    @Test
    void a_probe_that_says_nothing_is_repeated() {
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofSeconds(10));
        balancer.targets.pick().close();
        assertThat(balancer.calls(8)).doesNotContainKey("host-0:80");

        balancer.clock.pass(Duration.ofSeconds(10));
        assertThat(balancer.calls(8)).containsKey("host-0:80");
    }

    @Test
    void an_instance_that_flaps_is_ejected_for_longer_and_one_that_has_served_well_is_not() {
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofSeconds(10));
        balancer.calls(1);
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofSeconds(19));
        assertThat(balancer.calls(8)).doesNotContainKey("host-0:80");
        balancer.clock.pass(Duration.ofSeconds(1));
        assertThat(balancer.calls(8)).containsKey("host-0:80");

        balancer.clock.pass(Duration.ofSeconds(20));
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofSeconds(10));
        assertThat(balancer.calls(8)).containsKey("host-0:80");
    }

    @Test
    void calls_that_began_before_the_ejection_neither_prolong_nor_end_it() {
        var early = new ArrayList<Pick>();
        while (early.size() < 20) {
            var pick = balancer.targets.pick();
            if (pick.address().equals("host-0:80")) {
                early.add(pick);
            } else {
                pick.close();
            }
        }
        early.subList(0, 19).forEach(Pick::failed);
        assertThat(balancer.counter("discovery.ejections")).isEqualTo(1);
        early.get(19).succeeded();
        assertThat(balancer.calls(8)).doesNotContainKey("host-0:80");

        balancer.clock.pass(Duration.ofSeconds(10));
        assertThat(balancer.calls(8)).containsKey("host-0:80");
    }

    @Test
    void not_more_than_the_share_is_ejected() {
        balancer.calls(100, List.of("host-0:80", "host-1:80", "host-2:80"));

        assertThat(balancer.gauge("ejected")).isEqualTo(2);
        assertThat(balancer.gauge("failing")).isEqualTo(1);
        assertThat(balancer.gauge("available")).isEqualTo(1);
        assertThat(balancer.calls(10)).hasSize(2).containsKey("host-3:80");
    }

    @Test
    void one_of_two_may_be_ejected_however_small_the_share_but_never_the_only_one() {
        var small = new EjectionSettings(3, Duration.ofSeconds(10), Duration.ofSeconds(10), 0.01);
        var two = new Balancer(Strategy.ROUND_ROBIN, small).with(2);
        two.calls(10, List.of("host-0:80"));
        assertThat(two.calls(4)).containsOnlyKeys("host-1:80");

        var one = new Balancer(Strategy.ROUND_ROBIN, small).with(1);
        one.calls(10, List.of("host-0:80"));
        assertThat(one.calls(4)).containsOnlyKeys("host-0:80");
    }

    @Test
    void when_all_fail_all_are_used_and_each_that_answers_again_is_known_at_once() {
        var all = List.of(Balancer.hosts(4));
        balancer.calls(200, all);
        assertThat(balancer.gauge("ejected")).isZero();
        assertThat(balancer.gauge("failing")).isEqualTo(4);

        var failed = balancer.calls(400, all.subList(0, 3));

        assertThat(balancer.gauge("available")).isEqualTo(1);
        assertThat(balancer.gauge("ejected")).isEqualTo(2);
        assertThat(failed)
                .as("one failing instance is used beside the good one")
                .isBetween(150, 210);

        balancer.clock.pass(Duration.ofMinutes(10));
        balancer.calls(40);
        assertThat(balancer.gauge("available")).isEqualTo(4);
    }

    @Test
    void nothing_is_ejected_when_that_is_switched_off() {
        var off = new EjectionSettings(0, Duration.ofSeconds(10), Duration.ofSeconds(10), 0.5);
        var never = new Balancer(Strategy.ROUND_ROBIN, off).with(2);
        never.calls(100, List.of("host-0:80"));

        assertThat(never.calls(10)).hasSize(2);
    }

    @Test
    void a_clock_that_is_set_back_does_not_keep_an_instance_out() {
        balancer.fail("host-0:80", 3);
        balancer.clock.pass(Duration.ofHours(-1));

        assertThat(balancer.calls(8)).containsKey("host-0:80");
    }

    @Test
    void an_instance_that_leaves_and_comes_back_begins_anew() {
        balancer.fail("host-0:80", 3);
        balancer.with("host-1:80", "host-2:80");
        balancer.with(4);

        assertThat(balancer.calls(8)).containsEntry("host-0:80", 2);
    }

    @Test
    void a_change_of_the_others_leaves_an_ejected_instance_ejected() {
        balancer.fail("host-0:80", 3);
        balancer.with(5);

        assertThat(balancer.calls(8)).doesNotContainKey("host-0:80").hasSize(4);
    }

    @Test
    void one_line_is_logged_for_each_change() {
        try (var log = CapturedLog.of(Targets.class)) {
            balancer.with(3);
            balancer.with("host-2:80", "host-1:80", "host-0:80");
            balancer.calls(50, List.of("host-0:80"));
            balancer.clock.pass(Duration.ofSeconds(10));
            balancer.calls(50);

            assertThat(log.lines())
                    .containsExactly(
                            "INFO inventory has 3 instances by test: added [], removed [host-3:80]",
                            "WARN inventory: host-0:80 failed 3 times in a row; ejected for PT10S",
                            "INFO inventory: host-0:80 serves again");
        }
    }

    @Test
    void picks_failures_and_ejections_are_counted() {
        balancer.calls(20, List.of("host-1:80"));

        assertThat(balancer.counter("discovery.picks")).isEqualTo(20);
        assertThat(balancer.counter("discovery.failures")).isEqualTo(3);
        assertThat(balancer.counter("discovery.ejections")).isEqualTo(1);
        assertThat(balancer.gauge("ejected")).isEqualTo(1);
        assertThat(balancer.gauge("available")).isEqualTo(3);
    }
}
