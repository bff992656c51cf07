package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Problem;
import dev.slipway.testkit.CapturedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetsTest {
    private final Balancer balancer = new Balancer(Strategy.LEAST_REQUESTS);
    private final Targets targets = balancer.targets;

    @Test
    void without_an_instance_a_pick_is_refused_as_unavailable() {
        assertThatThrownBy(targets::pick).isInstanceOfSatisfying(NoInstanceException.class, e -> {
            assertThat(e.problem().kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
            assertThat(e.problem().code()).isEqualTo("no-instance");
            assertThat(e.problem().retryAfter()).isPresent();
            assertThat(e.problem().detail()).contains("inventory");
        });
    }

    @Test
    void the_last_instance_can_leave() {
        balancer.with(1).with();

        assertThat(targets.instances()).isEmpty();
        assertThatThrownBy(targets::pick).isInstanceOf(NoInstanceException.class);
    }

    @Test
    void a_watcher_hears_of_what_is_there_and_of_each_change_until_it_stops() {
        balancer.with("x:80");
        var heard = new ArrayList<List<Instance>>();
        try (var watch = targets.watch(heard::add)) {
            assertThat(watch).isNotNull();
            balancer.with("x:80", "y:80");
            balancer.with("y:80", "x:80");
            balancer.fail("x:80", 3);
            balancer.with("y:80");
        }
        balancer.with("z:80");

        assertThat(heard.stream().map(List::toString)).containsExactly("[x:80]", "[x:80, y:80]", "[y:80]");
    }

    @Test
    void a_watcher_that_fails_does_not_keep_the_others_from_hearing() {
        var heard = new ArrayList<Integer>();
        targets.watch(instances -> {
            throw new IllegalStateException("planted");
        });
        targets.watch(instances -> heard.add(instances.size()));
        balancer.with(2);

        assertThat(heard).containsExactly(0, 2);
    }

    @Test
    void watchers_that_are_never_closed_are_bounded() {
        for (var i = 0; i < Targets.MOST_WATCHERS; i++) {
            targets.watch(instances -> {});
        }

        assertThatThrownBy(() -> targets.watch(instances -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("watched by 100");
    }

    @Test
    void instances_are_bounded_and_the_log_line_too() {
        try (var log = CapturedLog.of(Targets.class)) {
            balancer.with(Targets.MOST_INSTANCES + 5);

            assertThat(targets.instances()).hasSize(Targets.MOST_INSTANCES);
            assertThat(log.lines().getFirst()).contains("and 980 more").hasSizeLessThan(600);
            assertThat(log.lines().getLast()).contains("1005 instances by test; only 1000 are used");
        }
    }

    @Test
    void the_same_address_twice_is_one_instance() {
        balancer.with("x:80", "x:80@b");

        assertThat(targets.instances()).containsExactly(Instance.parse("x:80"));
    }

    @Test
    void an_instance_that_moves_to_another_zone_is_another_one() {
        balancer.with("x:80@a").with("x:80@b");

        assertThat(targets.instances()).containsExactly(Instance.parse("x:80@b"));
    }

    @Test
    void closing_twice_and_judging_twice_count_once() {
        balancer.with("x:80", "y:80");
        var pick = targets.pick();
        for (var i = 0; i < 5; i++) {
            pick.close();
            pick.failed();
        }

        assertThat(balancer.counter("discovery.failures")).isEqualTo(1);
        var held = List.of(targets.pick(), targets.pick());
        assertThat(held.stream().map(Pick::address).distinct())
                .as("a counter below zero would draw both")
                .hasSize(2);
    }

    /// Many threads pick, judge and close while instances come and go; in the end nothing is in flight and what is
    /// there is used.
    @ParameterizedTest
    @EnumSource
    void everything_holds_under_threads(Strategy strategy) throws Exception {
        var some = new Balancer(strategy).with(8);
        var known = List.of(Balancer.hosts(8));
        var failures = new CopyOnWriteArrayList<Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = IntStream.range(0, 16)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> work(some, known, new Random(i), failures)))
                    .toList();
            var random = new Random(Balancer.SEED);
            while (all.stream().anyMatch(it -> !it.isDone())) {
                some.with(known.stream()
                        .filter(it -> it.equals("host-0:80") || random.nextInt(4) > 0)
                        .toArray(String[]::new));
                some.clock.pass(java.time.Duration.ofSeconds(1));
            }
        }
        assertThat(failures).isEmpty();

        some.with(8);
        some.clock.pass(java.time.Duration.ofHours(1));
        some.calls(200);
        assertThat(some.gauge("available")).isEqualTo(8);
        var used = some.calls(1_000);
        assertThat(used.keySet()).isEqualTo(known.stream().collect(Collectors.toSet()));
    }

    private static void work(Balancer some, List<String> known, Random random, List<Throwable> failures) {
        try {
            for (var i = 0; i < 2_000; i++) {
                try (var pick = some.targets.pick("key-" + random.nextInt(100))) {
                    assertThat(known).contains(pick.address());
                    if (random.nextInt(3) > 0) {
                        pick.succeeded();
                    } else {
                        pick.failed();
                    }
                }
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }
}
