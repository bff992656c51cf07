package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.testkit.MovableClock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StrategyTest {

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RING_HASH"})
    void calls_without_a_key_go_round_and_give_every_instance_the_same(Strategy strategy) {
        var counts = new Balancer(strategy).with(7).calls(7_000);

        assertThat(counts)
                .hasSize(7)
                .allSatisfy((host, count) -> assertThat(count).isEqualTo(1_000));
    }

    @Test
    void copies_that_start_together_do_not_all_begin_with_the_same_instance() {
        var random = new java.util.Random(Balancer.SEED);
        var firsts = IntStream.range(0, 50)
                .mapToObj(i -> {
                    var clock = MovableClock.atNoon();
                    var meters = new io.micrometer.core.instrument.simple.SimpleMeterRegistry();
                    var targets = new Targets("x", Strategy.ROUND_ROBIN, "", Balancer.EJECTION, clock, random, meters);
                    targets.replace(
                            new Balancer(Strategy.ROUND_ROBIN).with(5).targets.instances(), "test");
                    return targets.pick().address();
                })
                .collect(Collectors.toSet());

        assertThat(firsts).hasSize(5);
    }

    @Test
    void least_requests_spreads_even_load_evenly() {
        var counts = new Balancer(Strategy.LEAST_REQUESTS).with(4).calls(8_000);

        assertThat(counts)
                .hasSize(4)
                .allSatisfy((host, count) -> assertThat(count).isCloseTo(2_000, within(200)));
    }

    @Test
    void least_requests_avoids_an_instance_whose_calls_take_longer() {
        var slow = share(Strategy.LEAST_REQUESTS);

        assertThat(slow).isLessThan(0.08);
        assertThat(share(Strategy.ROUND_ROBIN)).isCloseTo(0.25, within(0.01));
    }

    /// The share of the calls that a slow one of four instances gets: its calls stay in flight for 40 others, those of
    /// the rest for 4.
    private static double share(Strategy strategy) {
        var balancer = new Balancer(strategy).with(4);
        var quick = new ArrayDeque<Pick>();
        var slow = new ArrayDeque<Pick>();
        var toSlow = 0;
        var calls = 10_000;
        for (var i = 0; i < calls; i++) {
            var pick = balancer.targets.pick();
            if (pick.address().equals("host-0:80")) {
                toSlow++;
                slow.add(pick);
            } else {
                quick.add(pick);
            }
            if (quick.size() > 4) {
                quick.remove().close();
            }
            if (slow.size() > 10 || (i % 40 == 0 && !slow.isEmpty())) {
                slow.remove().close();
            }
        }
        return (double) toSlow / calls;
    }

    @Test
    void a_key_goes_to_the_same_instance_also_from_another_copy() {
        var one = owners(new Balancer(Strategy.RING_HASH).with("x:80", "y:80", "z:80"));
        var other = owners(new Balancer(Strategy.RING_HASH).with("z:80", "x:80", "y:80"));

        assertThat(other).isEqualTo(one);
    }

    @Test
    void keys_spread_over_the_ring() {
        var counts = owners(new Balancer(Strategy.RING_HASH).with(10)).values().stream()
                .collect(Collectors.groupingBy(it -> it, Collectors.counting()));

        assertThat(counts)
                .hasSize(10)
                .allSatisfy((host, count) -> assertThat(count).isBetween(700L, 1_300L));
    }

    @Test
    void only_the_keys_of_an_instance_that_leaves_move() {
        var balancer = new Balancer(Strategy.RING_HASH).with(10);
        var before = owners(balancer);
        var after = owners(balancer.with(9));

        before.forEach((key, owner) -> {
            if (owner.equals("host-9:80")) {
                assertThat(after.get(key)).isNotEqualTo(owner);
            } else {
                assertThat(after.get(key)).isEqualTo(owner);
            }
        });
    }

    @Test
    void an_instance_that_comes_takes_its_share_of_the_keys_and_no_other_moves() {
        var balancer = new Balancer(Strategy.RING_HASH).with(10);
        var before = owners(balancer);
        var after = owners(balancer.with(11));

        var moved = before.keySet().stream()
                .filter(key -> !Objects.equals(before.get(key), after.get(key)))
                .toList();
        assertThat(moved).allSatisfy(key -> assertThat(after.get(key)).isEqualTo("host-10:80"));
        assertThat(moved.size()).isBetween(10_000 / 11 - 300, 10_000 / 11 + 300);
    }

    private static Map<String, String> owners(Balancer balancer) {
        var owners = new HashMap<String, String>();
        for (var i = 0; i < 10_000; i++) {
            try (var pick = balancer.targets.pick("customer-" + i)) {
                owners.put("customer-" + i, pick.address());
            }
        }
        return owners;
    }

    @Test
    void the_own_zone_takes_all_calls_while_it_has_enough_instances() {
        var counts = new Balancer(Strategy.ZONE_AWARE)
                .with("a1:80@a", "a2:80@a", "a3:80@a", "b1:80@b", "b2:80@b", "b3:80@b", "c1:80@c", "c2:80@c", "c3:80@c")
                .calls(3_000);

        assertThat(counts).containsOnlyKeys("a1:80@a", "a2:80@a", "a3:80@a");
    }

    /// 1.4 × 1 instance × 2 zones / 6 instances.
    @Test
    void other_zones_help_as_far_as_the_own_one_has_too_few_instances() {
        var counts = new Balancer(Strategy.ZONE_AWARE)
                .with("a1:80@a", "b1:80@b", "b2:80@b", "b3:80@b", "b4:80@b", "b5:80@b")
                .calls(10_000);

        assertThat(counts).hasSize(6);
        assertThat(counts.getOrDefault("a1:80@a", 0) / 10_000.0).isCloseTo(0.467, within(0.03));
    }

    @Test
    void other_zones_take_over_when_instances_of_the_own_one_are_ejected() {
        var balancer = new Balancer(Strategy.ZONE_AWARE).with("a1:80@a", "a2:80@a", "b1:80@b", "b2:80@b");

        balancer.fail("a1:80", 3);
        var some = balancer.calls(1_000);
        assertThat(some).doesNotContainKey("a1:80@a").containsKeys("a2:80@a", "b1:80@b", "b2:80@b");

        balancer.fail("a2:80", 3);
        assertThat(balancer.calls(1_000)).containsOnlyKeys("b1:80@b", "b2:80@b");
    }

    @Test
    void a_zone_without_an_instance_is_served_by_the_others() {
        assertThat(new Balancer(Strategy.ZONE_AWARE).with("b1:80@b", "c1:80").calls(100))
                .containsOnlyKeys("b1:80@b", "c1:80");
    }

    @ParameterizedTest
    @EnumSource
    void a_single_instance_gets_everything(Strategy strategy) {
        assertThat(new Balancer(strategy).with("x:80").calls(10)).containsEntry("x:80", 10);
    }
}
