package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Health;
import dev.slipway.core.RunningService.State;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.CapturedLog;
import dev.slipway.testkit.MovableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EtcdTest {
    private static final String PREFIX = "/slipway/services/inventory/";

    private final TestEtcd etcd = new TestEtcd();
    private final List<TestApp> apps = new ArrayList<>();
    private final MovableClock clock = MovableClock.atNoon();

    EtcdTest() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        etcd.signal("CONT");
        apps.reversed().forEach(TestApp::close);
        etcd.close();
    }

    private TestApp caller(String... more) throws InterruptedException {
        var arguments = new ArrayList<>(List.of(
                "--discovery.etcd.endpoints=" + etcd.url(),
                "--discovery.etcd.lease=1s",
                "--discovery.services.inventory.etcd=inventory"));
        arguments.addAll(List.of(more));
        var app = TestApp.caller();
        apps.add(app);
        return app.startBy(clock, arguments.toArray(String[]::new));
    }

    private TestApp registrant(int port, String... more) throws InterruptedException {
        var arguments =
                new ArrayList<>(List.of("--discovery.etcd.endpoints=" + etcd.url(), "--discovery.etcd.lease=1s"));
        arguments.addAll(List.of(more));
        var app = TestApp.registrant(port);
        apps.add(app);
        return app.startBy(clock, arguments.toArray(String[]::new));
    }

    /// Every list that a caller has seen.
    private static Set<List<Instance>> history(TestApp caller) {
        Set<List<Instance>> seen = ConcurrentHashMap.newKeySet();
        caller.inventory().watch(seen::add);
        return seen;
    }

    @Test
    void a_service_that_starts_is_found_and_one_that_stops_is_gone() throws Exception {
        var caller = caller("--discovery.refresh=1h", "--discovery.stale-after=2h");
        assertThat(caller.hosts()).isEmpty();

        var one = registrant(8081);
        registrant(8082, "--discovery.zone=b", "--discovery.advertise=10.0.0.7");
        caller.awaitHosts("10.0.0.7:8082@b", "127.0.0.1:8081");

        one.close();
        caller.awaitHosts("10.0.0.7:8082@b");
    }

    @Test
    void a_registration_is_withdrawn_before_the_service_drains() throws Exception {
        var caller = caller();
        var leaving = registrant(8081, "--service.shutdown-delay=1h", "--service.termination-grace=2h");
        caller.awaitHosts("127.0.0.1:8081");

        var closing = Thread.ofVirtual().start(leaving::close);
        caller.awaitHosts();
        assertThat(leaving.service().state()).isEqualTo(State.DRAINING);
        assertThat(closing.isAlive()).isTrue();
        apps.remove(leaving);
    }

    @Test
    void a_registrant_that_dies_is_gone_when_its_lease_has_expired() throws Exception {
        var caller = caller();
        registrant(8081);
        try (var client = etcd.client()) {
            var lease = client.grant(Duration.ofSeconds(1));
            client.put(PREFIX + "dead", "127.0.0.1:8082", lease);
            caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082");

            caller.awaitHosts("127.0.0.1:8081");
            assertThat(client.keepAlive(lease)).isFalse();
        }
    }

    @Test
    void watchers_keep_what_they_know_while_etcd_is_dead_and_go_on_when_it_is_back() throws Exception {
        var caller = caller();
        registrant(8081);
        registrant(8082);
        caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082");
        var seen = history(caller);

        etcd.kill();
        clock.pass(Duration.ofMinutes(2));
        Await.until("it is stale", () -> caller.inventory().isStale());
        assertThat(caller.hosts()).containsExactly("127.0.0.1:8081", "127.0.0.1:8082");
        assertThat(caller.service().state()).isEqualTo(State.READY);

        etcd.start();
        Await.until("it is fresh", () -> !caller.inventory().isStale());
        registrant(8083);
        caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082", "127.0.0.1:8083");
        assertThat(seen).allSatisfy(list -> assertThat(list).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void instances_register_again_in_an_etcd_that_has_lost_its_data_and_none_is_missed_meanwhile() throws Exception {
        var caller = caller();
        registrant(8081);
        registrant(8082);
        try (var client = etcd.client()) {
            for (var i = 0; i < 50; i++) {
                client.put("/other/" + i, "x", 0);
            }
            var lease = client.grant(Duration.ofSeconds(60));
            client.put(PREFIX + "dead", "127.0.0.1:8083", lease);
        }
        caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082", "127.0.0.1:8083");
        var seen = history(caller);
        try (var log = CapturedLog.of(EtcdSource.class)) {
            etcd.kill();
            etcd.loseData();
            etcd.start();
            Await.until(
                    "it is noticed", () -> log.lines().stream().anyMatch(line -> line.contains("has lost its data")));
        }
        try (var client = etcd.client()) {
            Await.until("both are back", () -> range(client).size() == 2);
        }
        assertThat(caller.hosts()).hasSize(3);
        assertThat(seen).allSatisfy(list -> assertThat(list).hasSize(3));

        clock.pass(Duration.ofSeconds(1));
        caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082");
    }

    private static Set<String> range(EtcdClient client) {
        try {
            return new HashSet<>(client.range(PREFIX, 10).values().values());
        } catch (IOException e) {
            return Set.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// SIGSTOP leaves the connections open, as a partition does.
    @Test
    void an_etcd_that_hangs_is_noticed_and_what_it_missed_is_caught_up() throws Exception {
        var caller = caller();
        registrant(8081);
        caller.awaitHosts("127.0.0.1:8081");

        etcd.signal("STOP");
        clock.pass(Duration.ofMinutes(2));
        Await.until("it is stale", () -> caller.inventory().isStale());
        assertThat(caller.hosts()).containsExactly("127.0.0.1:8081");

        etcd.signal("CONT");
        registrant(8082);
        caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082");
        Await.until("it is fresh", () -> !caller.inventory().isStale());
    }

    @Test
    void a_watch_from_a_compacted_revision_returns_at_once_and_one_from_a_later_revision_goes_on() throws Exception {
        try (var client = etcd.client()) {
            for (var i = 0; i < 5; i++) {
                client.put(PREFIX + i, "127.0.0.1:808" + i, 0);
            }
            var now = client.range(PREFIX, 10).revision();
            etcd.control("compaction", String.valueOf(now));
            var seen = new CopyOnWriteArrayList<EtcdClient.Change>();

            client.watch(PREFIX, 2, Duration.ofHours(1), seen::add);
            assertThat(seen).isEmpty();

            client.watch(PREFIX, now, Duration.ofSeconds(1), seen::add);
            assertThat(seen).containsExactly(new EtcdClient.Change(now, PREFIX + "4", Optional.of("127.0.0.1:8084")));
        }
    }

    @Test
    void changes_come_in_their_order_with_deletions() throws Exception {
        try (var client = etcd.client()) {
            var lease = client.grant(Duration.ofSeconds(60));
            client.put(PREFIX + "x", "127.0.0.1:1", lease);
            client.put(PREFIX + "x", "127.0.0.1:2", lease);
            client.put("/slipway/services/inventory-2/x", "127.0.0.1:3", lease);
            client.revoke(lease, Duration.ofSeconds(2));
            var seen = new CopyOnWriteArrayList<String>();
            client.watch(
                    PREFIX,
                    1,
                    Duration.ofSeconds(1),
                    change -> seen.add(change.value().orElse("gone")));

            assertThat(seen).containsExactly("127.0.0.1:1", "127.0.0.1:2", "gone");
        }
    }

    @Test
    void a_registration_that_is_no_address_is_left_out_and_does_not_hide_the_others() throws Exception {
        var caller = caller();
        try (var client = etcd.client();
                var log = CapturedLog.of(EtcdSource.class)) {
            client.put(PREFIX + "evil", "http://169.254.169.254/\nWARN forged", 0);
            client.put(PREFIX + "good", "127.0.0.1:8081", 0);
            caller.awaitHosts("127.0.0.1:8081");

            assertThat(log.lines().getFirst()).startsWith("WARN the registration " + PREFIX + "evil is left out");
            assertThat(log.lines().getFirst()).doesNotContain("\n");
        }
    }

    @Test
    void no_more_registrations_are_kept_than_are_used_and_none_with_an_endless_key() throws Exception {
        try (var client = etcd.client()) {
            var source = new EtcdSource(client, "inventory", Duration.ofSeconds(10), clock);
            var last = new Instance("127.0.0.1", 9, "");
            client.put(PREFIX + "!", "127.0.0.1:1", 0);
            var asked = new AtomicBoolean();
            var ended = new AtomicBoolean();
            var following = Thread.ofVirtual().start(() -> {
                try {
                    source.follow(news -> {
                        if (asked.compareAndSet(false, true)) {
                            putMany(client);
                        }
                        if (news.contains(last)) {
                            ended.set(true);
                        }
                    });
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Await.until("all have come", ended::get);
            following.interrupt();
            following.join();

            assertThat(source.known()).isEqualTo(Targets.MOST_INSTANCES + 1);
        }
    }

    private static void putMany(EtcdClient client) {
        try {
            client.put(PREFIX + "x".repeat(2_000), "127.0.0.1:1", 0);
            for (var i = 0; i < Targets.MOST_INSTANCES + 5; i++) {
                client.put(PREFIX + i, "127.0.0.1:1", 0);
            }
            client.put(PREFIX + "!", "127.0.0.1:9", 0);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_service_starts_without_etcd_and_registers_when_it_comes() throws Exception {
        etcd.kill();
        var caller = caller();
        var app = registrant(8081);
        assertThat(app.service().state()).isEqualTo(State.READY);
        assertThat(caller.hosts()).isEmpty();

        etcd.start();
        caller.awaitHosts("127.0.0.1:8081");
    }

    @Test
    void a_service_stops_in_time_when_etcd_is_gone_or_hangs() throws Exception {
        var app = registrant(8081);
        var other = caller();
        etcd.signal("STOP");

        app.close();
        other.close();
        assertThat(app.service().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void another_member_is_asked_when_one_does_not_answer() throws Exception {
        var app = TestApp.caller();
        apps.add(app);
        app.startBy(
                clock,
                "--discovery.etcd.endpoints=http://127.0.0.1:1," + etcd.url(),
                "--discovery.services.inventory.etcd=inventory");
        registrant(8081);

        app.awaitHosts("127.0.0.1:8081");
    }

    @Test
    void an_etcd_that_asks_for_a_password_gets_it_again_when_the_token_is_forgotten() throws Exception {
        etcd.control("user", "add", "root:secret");
        etcd.control("user", "grant-role", "root", "root");
        etcd.control("auth", "enable");
        String[] login = {"--discovery.etcd.user=root", "--discovery.etcd.password=secret"};
        var caller = caller(login);
        registrant(8081, login);
        caller.awaitHosts("127.0.0.1:8081");

        etcd.kill();
        etcd.launch();
        registrant(8082, login);
        caller.awaitHosts("127.0.0.1:8081", "127.0.0.1:8082");
    }

    @Test
    void a_wrong_password_is_said_and_not_shown() throws Exception {
        etcd.control("user", "add", "root:secret");
        etcd.control("user", "grant-role", "root", "root");
        etcd.control("auth", "enable");
        try (var log = CapturedLog.of(Feed.class)) {
            caller("--discovery.etcd.user=root", "--discovery.etcd.password=canary");
            Await.until("it says so", () -> !log.lines().isEmpty());

            assertThat(log.lines().getFirst()).contains("authentication failed").doesNotContain("canary");
        }
    }

    @Test
    void health_tells_what_is_known_and_is_up_without_etcd() throws Exception {
        var app = new TestApp(Optional.of(8081), "inventory");
        apps.add(app);
        app.startBy(
                clock,
                "--discovery.etcd.endpoints=" + etcd.url(),
                "--discovery.services.inventory.etcd=inventory",
                "--discovery.etcd.lease=1s");
        app.awaitHosts("127.0.0.1:8081");
        var all = "inventory (1 instances, 0 ejected); registration of inventory is valid";
        Await.until("it is well", () -> app.discovery().check().equals(new Health.Up(all)));

        etcd.kill();
        Await.until("it says so", () -> app.discovery().check().detail().contains("is missing"));
        assertThat(app.discovery().check()).isInstanceOf(Health.Up.class);
    }
}
