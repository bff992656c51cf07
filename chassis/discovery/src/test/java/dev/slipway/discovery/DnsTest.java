package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.Await;
import dev.slipway.testkit.CapturedLog;
import dev.slipway.testkit.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsTest {
    private final TestDns dns = new TestDns();
    private final MovableClock clock = MovableClock.atNoon();
    private final TestApp app = TestApp.caller();

    DnsTest() throws Exception {}

    @AfterEach
    void stop() {
        app.close();
        dns.close();
    }

    private void start(String name) throws InterruptedException {
        app.startBy(
                clock,
                "--discovery.dns-server=" + dns.address(),
                "--discovery.refresh=50ms",
                "--discovery.services.inventory.dns=" + name);
    }

    @Test
    void the_addresses_of_a_name_are_instances_and_changes_are_seen() throws Exception {
        dns.set("inventory.shop", "10.0.0.1", "10.0.0.2", "2001:db8::1");
        start("inventory.shop:8080");
        assertThat(app.hosts()).containsExactly("10.0.0.1:8080", "10.0.0.2:8080", "[2001:db8:0:0:0:0:0:1]:8080");

        dns.set("inventory.shop", "10.0.0.2", "10.0.0.3");
        app.awaitHosts("10.0.0.2:8080", "10.0.0.3:8080");
    }

    @Test
    void service_records_tell_the_ports_and_only_the_first_priority_is_used() throws Exception {
        dns.set(
                "_http._tcp.inventory.shop",
                "0 50 8080 pod-1.inventory.shop",
                "0 50 8081 pod-2.inventory.shop",
                "10 50 8082 spare.inventory.shop");
        dns.set("pod-1.inventory.shop", "10.0.0.1");
        dns.set("pod-2.inventory.shop", "10.0.0.2");
        dns.set("spare.inventory.shop", "10.0.0.9");
        start("_http._tcp.inventory.shop");

        assertThat(app.hosts()).containsExactly("10.0.0.1:8080", "10.0.0.2:8081");
    }

    @Test
    void a_failed_look_up_keeps_the_last_known_instances_which_become_stale() throws Exception {
        dns.set("inventory.shop", "10.0.0.1");
        start("inventory.shop:8080");
        try (var log = CapturedLog.of(Feed.class)) {
            dns.broken(true);
            Await.until("it says so", () -> !log.lines().isEmpty());
            assertThat(app.hosts()).containsExactly("10.0.0.1:8080");
            assertThat(app.inventory().isStale()).isFalse();

            clock.pass(Duration.ofMinutes(2));
            Await.until("it is stale", () -> app.inventory().isStale());
            assertThat(app.meters.get("discovery.stale").gauge().value()).isEqualTo(1);
            assertThat(app.hosts()).containsExactly("10.0.0.1:8080");

            dns.broken(false);
            Await.until("it is fresh", () -> !app.inventory().isStale());
            Await.until("all is said", () -> log.lines().size() == 3);
            assertThat(log.lines().get(0))
                    .startsWith("WARN DNS does not answer for inventory (1 instances, 0 ejected)");
            assertThat(log.lines().get(1))
                    .contains("has not answered for inventory")
                    .contains("PT2M");
            assertThat(log.lines().get(2)).isEqualTo("INFO DNS answers for inventory again");
        }
    }

    /// A headless service without a ready pod is such a name, and a resolver that is misled says the same.
    @Test
    void a_name_that_is_gone_keeps_the_last_known_instances() throws Exception {
        dns.set("inventory.shop", "10.0.0.1");
        start("inventory.shop:8080");
        try (var log = CapturedLog.of(Feed.class)) {
            dns.remove("inventory.shop");
            Await.until("it says so", () -> !log.lines().isEmpty());
            assertThat(app.hosts()).containsExactly("10.0.0.1:8080");

            dns.set("inventory.shop");
            dns.set("inventory.shop", "10.0.0.4");
            app.awaitHosts("10.0.0.4:8080");
        }
    }

    @Test
    void a_service_starts_before_the_name_exists() throws Exception {
        start("inventory.shop:8080");
        assertThat(app.hosts()).isEmpty();

        dns.set("inventory.shop", "10.0.0.1");
        app.awaitHosts("10.0.0.1:8080");
    }
}
