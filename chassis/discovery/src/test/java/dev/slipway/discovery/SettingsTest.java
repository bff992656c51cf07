package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.SettingsException;
import dev.slipway.core.StartException;
import dev.slipway.testkit.CapturedLog;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final String INVENTORY = "--discovery.services.inventory.";

    @Test
    void instances_can_be_named_in_the_settings() throws Exception {
        try (var app = TestApp.caller()
                .start(INVENTORY + "addresses=10.0.0.1:8080, 10.0.0.2:8080@b", INVENTORY + "strategy=round-robin")) {
            assertThat(app.hosts()).containsExactly("10.0.0.1:8080", "10.0.0.2:8080@b");
            try (var pick = app.inventory().pick()) {
                assertThat(pick.address()).startsWith("10.0.0.");
            }
        }
    }

    @Test
    void two_copies_in_one_process_share_nothing() throws Exception {
        try (var one = TestApp.caller().start(INVENTORY + "addresses=10.0.0.1:80");
                var other = TestApp.caller().start(INVENTORY + "addresses=10.0.0.2:80")) {
            assertThat(one.hosts()).containsExactly("10.0.0.1:80");
            assertThat(other.hosts()).containsExactly("10.0.0.2:80");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inventory.addresses=nonsense | inventory.addresses: \"nonsense\" is not of the form host:port",
                "inventory.dns=inventory.shop | inventory.dns: \"inventory.shop\" is not of the form",
                "inventory.etcd=a/b | inventory.etcd: \"a/b\" is not a service's name",
                "inventory.strategy=random | inventory.strategy: \"random\" is none of round-robin",
                "inventory.strategy=ring-hash | inventory.addresses, dns, etcd: exactly one of them must be set",
                "inventory.etcd=inventory | services.inventory is in etcd, but etcd.endpoints is not set",
            })
    void a_mistake_is_named_with_its_key(String wrong, String expected) {
        assertThatThrownBy(() -> TestApp.caller().start("--discovery.services." + wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("discovery.services." + expected.replaceFirst("^services\\.", ""));
    }

    @Test
    void mistakes_across_keys_are_refused() {
        refused("exactly one of them", INVENTORY + "addresses=x:80", INVENTORY + "dns=y:80");
        refused("which the DNS does not tell", INVENTORY + "dns=y:80", INVENTORY + "strategy=zone-aware");
        refused("but zone is not set", INVENTORY + "addresses=x:80", INVENTORY + "strategy=zone-aware");
        refused("stale-after must not be shorter", "--discovery.stale-after=100ms");
        refused("longest must not be shorter", "--discovery.ejection.first=1h");
        refused("discovery.ejection.share: must be between 0 and 1, not 1.5", "--discovery.ejection.share=1.5");
        refused("endpoints must be of the form", "--discovery.etcd.endpoints=localhost:2379");
        refused("endpoints must be of the form", "--discovery.etcd.endpoints=http://me:canary@localhost:2379");
        refused("endpoints must name", "--discovery.etcd.lease=10s");
        refused("go together", "--discovery.etcd.endpoints=http://x:1", "--discovery.etcd.user=me");
        refused("prefix must begin", "--discovery.etcd.endpoints=http://x:1", "--discovery.etcd.prefix=x");
        refused(
                "lease: must be between 1s and 1h, not 100ms",
                "--discovery.etcd.endpoints=http://x:1",
                "--discovery.etcd.lease=100ms");
        refused("not a zone", "--discovery.zone=a b");
        refused("not a host", "--discovery.advertise=http://x");
        refused("not of the form", "--discovery.dns-server=x");
    }

    private static void refused(String expected, String... arguments) {
        assertThatThrownBy(() -> TestApp.caller().start(arguments))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("canary");
    }

    @Test
    void a_service_that_the_settings_do_not_name_is_refused_at_the_start() {
        assertThatThrownBy(() -> TestApp.caller().start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("discovery.services.inventory is not set");
    }

    @Test
    void in_production_the_own_address_must_be_said() {
        assertThatThrownBy(() -> TestApp.registrant(8080)
                        .start("--service.environment=production", "--discovery.etcd.endpoints=http://127.0.0.1:1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("discovery.advertise is not set");
    }

    @Test
    void without_an_etcd_nothing_is_registered_and_the_log_says_so() throws Exception {
        try (var log = CapturedLog.of(Discovery.class);
                var app = new TestApp(Optional.of(8080)).start()) {
            assertThat(app.service().name()).isEqualTo("order-service");
            assertThat(log.lines()).containsExactly("INFO inventory is not registered: discovery.etcd is not set");
        }
    }
}
