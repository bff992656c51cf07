package dev.slipway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsException;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.security.RateLimits.Decision;
import dev.slipway.testkit.NoInfrastructure;
import dev.slipway.testkit.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitsTest {
    private static final Caller ANN = caller("ann", Optional.of("acme"));
    private static final Caller BOB = caller("bob", Optional.of("acme"));
    private static final Caller NOBODY = new Caller.Anonymous();
    private static final String HOME = "203.0.113.7";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final VirtualTime time = new VirtualTime();

    record Sections(LimitSettings limits) {}

    private static Caller caller(String subject, Optional<String> tenant) {
        return new Caller.Authenticated(subject, tenant, Set.of(), Set.of());
    }

    private RateLimits limits(String... arguments) {
        var limits = new AtomicReference<RateLimits>();
        var definition = new ServiceDefinition<>("shop", Sections.class) {
            @Override
            public void assemble(Assembly service, Sections settings) {
                limits.set(RateLimits.open(service, settings.limits(), meters));
            }
        };
        var all = new ArrayList<>(List.of("--service.environment=test", "--service.management-port=0"));
        all.addAll(List.of(arguments));
        Slipway.start(
                        definition,
                        SettingsSources.ofArguments(definition, all),
                        time,
                        new Random(),
                        new NoInfrastructure())
                .close();
        return limits.get();
    }

    /// With a rule that is called `all`.
    private RateLimits limitsBy(String by, int requests, String per, String... more) {
        var rule = Stream.of(
                "--limits.rules.all.by=" + by,
                "--limits.rules.all.requests=" + requests,
                "--limits.rules.all.per=" + per);
        return limits(Stream.concat(rule, Stream.of(more)).toArray(String[]::new));
    }

    private static Decision call(RateLimits limits, String operation, Caller caller) {
        return limits.take(operation, caller, HOME, 1);
    }

    private static boolean isAllowed(Decision decision) {
        return decision.retryAfter().isEmpty();
    }

    @Test
    void a_name_of_any_length_takes_little_memory_and_stays_one_of_its_own() {
        var long1 = "caller " + "x".repeat(8_000);
        var long2 = long1 + "y";
        assertThat(RateLimits.bounded("caller ada")).isEqualTo("caller ada");
        assertThat(RateLimits.bounded(long1)).hasSizeBetween(65, 80).isEqualTo(RateLimits.bounded(long1));
        assertThat(RateLimits.bounded(long2)).isNotEqualTo(RateLimits.bounded(long1));
        assertThat(RateLimits.bounded(RateLimits.bounded(long1))).isNotEqualTo(RateLimits.bounded(long1));
    }

    @Test
    void without_rules_nothing_is_limited() {
        var limits = limits();
        assertThat(call(limits, "read", ANN).budget()).isEmpty();
        assertThat(isAllowed(limits.arrive(HOME))).isTrue();
    }

    @Test
    void the_same_subject_of_two_issuers_has_two_budgets() {
        var limits = limitsBy("caller", 1, "30s");
        var partner = "https://partner.example";
        var namesake = new Caller.Authenticated(
                Caller.id(partner, "ann", false), partner, "ann", Optional.empty(), Set.of(), Set.of());
        var part = new Caller.Service("ann", Optional.empty());
        assertThat(isAllowed(call(limits, "read", ANN))).isTrue();
        assertThat(isAllowed(call(limits, "read", namesake))).isTrue();
        assertThat(isAllowed(call(limits, "read", part))).isTrue();
        assertThat(isAllowed(call(limits, "read", ANN))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600, 3_600})
    void a_clock_that_is_set_gives_and_takes_nothing(int seconds) {
        var limits =
                limits("--limits.rules.all.by=caller", "--limits.rules.all.requests=3", "--limits.rules.all.per=30s");
        for (var i = 0; i < 3; i++) {
            call(limits, "read", ANN);
        }
        time.setClock(Duration.ofSeconds(seconds));
        assertThat(call(limits, "read", ANN).retryAfter()).contains(Duration.ofSeconds(10));
        time.pass(Duration.ofSeconds(10));
        assertThat(isAllowed(call(limits, "read", ANN))).isTrue();
    }

    @Test
    void each_caller_has_a_budget_that_fills_again_evenly() {
        var limits = limitsBy("caller", 3, "30s");
        assertThat(call(limits, "read", ANN).budget().orElseThrow().state()).isEqualTo("\"all\";r=2;t=10");
        call(limits, "write", ANN);
        call(limits, "read", ANN);
        var refused = call(limits, "read", ANN);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(refused.budget().orElseThrow().policy()).isEqualTo("\"all\";q=3;w=30");
        assertThat(refused.budget().orElseThrow().state()).isEqualTo("\"all\";r=0;t=10");
        assertThat(isAllowed(call(limits, "read", BOB))).isTrue();
        time.pass(Duration.ofSeconds(10));
        assertThat(isAllowed(call(limits, "read", ANN))).isTrue();
        assertThat(isAllowed(call(limits, "read", ANN))).isFalse();
        assertThat(meters.get("rate.limit.refused").tag("rule", "all").counter().count())
                .isEqualTo(2);
    }

    @Test
    void a_refusal_says_when_to_come_back() {
        var limits = limitsBy("caller", 1, "1m");
        call(limits, "read", ANN).enforce();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> call(limits, "read", ANN).enforce())
                .satisfies(e -> {
                    assertThat(e.problem().code()).isEqualTo("rate-limited");
                    assertThat(e.problem().kind()).isEqualTo(Problem.Kind.TOO_MANY);
                    assertThat(e.problem().retryAfter()).contains(Duration.ofMinutes(1));
                });
    }

    @Test
    void the_tightest_of_several_rules_decides_and_is_shown() {
        var limits = limits(
                "--limits.rules.tenant.by=tenant",
                "--limits.rules.tenant.requests=3",
                "--limits.rules.tenant.per=1m",
                "--limits.rules.caller.by=caller",
                "--limits.rules.caller.requests=2",
                "--limits.rules.caller.per=1m");
        assertThat(call(limits, "read", ANN).budget().orElseThrow().rule()).isEqualTo("caller");
        assertThat(isAllowed(call(limits, "read", ANN))).isTrue();
        assertThat(call(limits, "read", BOB).budget().orElseThrow().rule()).isEqualTo("tenant");
        assertThat(call(limits, "read", BOB).budget().orElseThrow().rule()).isEqualTo("tenant");
        assertThat(isAllowed(call(limits, "read", BOB))).isFalse();
        assertThat(isAllowed(call(limits, "read", caller("sue", Optional.empty()))))
                .isTrue();
    }

    @Test
    void a_rule_may_be_about_some_operations_only() {
        var limits = limitsBy("caller", 1, "1m", "--limits.rules.all.operations=login,checkout");
        assertThat(isAllowed(call(limits, "login", ANN))).isTrue();
        assertThat(isAllowed(call(limits, "checkout", ANN))).isFalse();
        assertThat(call(limits, "read", ANN).budget()).isEmpty();
    }

    @Test
    void an_operation_may_be_limited_for_all_together() {
        var limits = limitsBy("operation", 1, "1m");
        assertThat(isAllowed(call(limits, "report", ANN))).isTrue();
        assertThat(isAllowed(call(limits, "report", BOB))).isFalse();
        assertThat(isAllowed(call(limits, "read", BOB))).isTrue();
    }

    @Test
    void who_is_not_signed_in_counts_by_address() {
        var limits = limitsBy("caller", 1, "1m");
        assertThat(isAllowed(limits.take("read", NOBODY, HOME, 1))).isTrue();
        assertThat(isAllowed(limits.take("read", NOBODY, HOME, 1))).isFalse();
        assertThat(isAllowed(limits.take("read", NOBODY, "203.0.113.8", 1))).isTrue();
        assertThat(isAllowed(limits.take("read", caller(HOME, Optional.empty()), HOME, 1)))
                .isTrue();
    }

    @Test
    void addresses_are_counted_before_it_is_known_who_calls_and_a_network_of_64_bits_is_one() {
        var limits = limitsBy("address", 2, "1m");
        assertThat(isAllowed(limits.arrive("2001:db8:1:2::1"))).isTrue();
        assertThat(isAllowed(limits.arrive("2001:db8:1:2:ffff::2"))).isTrue();
        assertThat(isAllowed(limits.arrive("2001:db8:1:2::3"))).isFalse();
        assertThat(isAllowed(limits.arrive("2001:db8:1:3::1"))).isTrue();
        assertThat(isAllowed(limits.arrive(""))).isTrue();
        assertThat(call(limits, "read", ANN).budget()).isEmpty();
    }

    @Test
    void a_costly_call_counts_for_several_and_is_possible_at_all() {
        var limits = limitsBy("caller", 10, "1m");
        assertThat(limits.take("search", ANN, HOME, 7).budget().orElseThrow().remaining())
                .isEqualTo(3);
        assertThat(isAllowed(limits.take("search", ANN, HOME, 7))).isFalse();
        assertThat(isAllowed(limits.take("search", BOB, HOME, 99))).isTrue();
    }

    @Test
    void a_burst_may_be_larger_or_smaller_than_the_rate() {
        var limits = limitsBy("caller", 60, "1m", "--limits.rules.all.burst=2");
        assertThat(isAllowed(call(limits, "read", ANN))).isTrue();
        assertThat(isAllowed(call(limits, "read", ANN))).isTrue();
        assertThat(call(limits, "read", ANN).retryAfter()).contains(Duration.ofSeconds(1));
    }

    @Test
    void many_at_once_get_no_more_than_there_is() throws Exception {
        var limits = limitsBy("caller", 50, "1h");
        var allowed = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 500; i++) {
                threads.execute(() -> allowed.addAndGet(isAllowed(call(limits, "read", ANN)) ? 1 : 0));
            }
        }
        assertThat(allowed).hasValue(50);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.0.0.1    | 203.0.113.9                       | 203.0.113.9
                    10.0.0.1    | 6.6.6.6, 203.0.113.9              | 203.0.113.9
                    10.0.0.1    | 6.6.6.6, 203.0.113.9, 10.1.2.3    | 203.0.113.9
                    10.0.0.1    | 10.1.2.3                          | 10.1.2.3
                    203.0.113.7 | 6.6.6.6                           | 203.0.113.7
                    10.0.0.1    | unknown                           | 10.0.0.1
                    10.0.0.1    | 6.6.6.6, localhost                | 10.0.0.1
                    10.0.0.1    | 10.1.2.3, unknown                 | 10.0.0.1
                    10.0.0.1    | unknown, 10.1.2.3                 | 10.1.2.3
                    10.0.0.1    | 2001:db8::9                       | 2001:db8:0:0:0:0:0:9
                    10.0.0.1    | 2001:DB8:0::9                     | 2001:db8:0:0:0:0:0:9
                    10.0.0.1    | [2001:db8::9]                     | 2001:db8:0:0:0:0:0:9
                    10.0.0.1    | [2001:db8::9]:443                 | 2001:db8:0:0:0:0:0:9
                    10.0.0.1    | "[2001:db8::9]:443"               | 2001:db8:0:0:0:0:0:9
                    10.0.0.1    | 203.0.113.9:5060                  | 203.0.113.9
                    10.0.0.1    | "203.0.113.9"                     | 203.0.113.9
                    10.0.0.1    | ::ffff:203.0.113.9                | 203.0.113.9
                    10.0.0.1    | [::ffff:203.0.113.9]:80           | 203.0.113.9
                    10.0.0.1    | 6.6.6.6, 203.0.113.9:1, 10.1.2.3:80 | 203.0.113.9
                    10.0.0.1    | 203.0.113.9:http                  | 10.0.0.1
                    ::ffff:10.0.0.1 | 203.0.113.9                   | 203.0.113.9
                    """)
    void only_what_a_trusted_proxy_says_is_believed(String peer, String forwardedFor, String client) {
        var limits = limits("--limits.trusted-proxies=10.0.0.0/8,::1");
        assertThat(limits.client(peer, List.of(forwardedFor))).isEqualTo(client);
        assertThat(limits.client(peer, List.of(forwardedFor.split(", ")))).isEqualTo(client);
        assertThat(limits().client(peer, List.of(forwardedFor))).isEqualTo(peer);
        assertThat(limits.client(peer, List.of())).isEqualTo(peer);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.1,false",
        "192.168.1.128/25,192.168.1.200,true",
        "192.168.1.128/25,192.168.1.20,false",
        "0.0.0.0/0,8.8.8.8,true",
        "0.0.0.0/0,::1,false",
        "::1,::1,true"
    })
    void a_network_contains_what_begins_like_it(String network, String address, boolean inside) {
        assertThat(Network.of(network).contains(java.net.InetAddress.ofLiteral(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "proxy.example.com", "10.0.0.0/x", ""})
    void a_network_is_written_with_numbers(String text) {
        assertThatThrownBy(() -> Network.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--limits.rules.all.requests=0",
                "--limits.rules.all.per=0s",
                "--limits.rules.all.burst=0",
                "--limits.rules.all.per=32d",
                "--limits.rules.All.by=caller",
                "--limits.max-keys=1",
                "--limits.trusted-proxies=proxy",
                "--limits.rules.all.by=address --limits.rules.all.operations=login"
            })
    void settings_that_make_no_sense_are_refused(String wrong) {
        var arguments = new ArrayList<>(
                List.of("--limits.rules.all.by=caller", "--limits.rules.all.requests=1", "--limits.rules.all.per=1m"));
        for (var argument : wrong.split(" ")) {
            arguments.removeIf(other -> other.startsWith(argument.substring(0, argument.indexOf('=') + 1)));
            arguments.add(argument);
        }
        assertThatThrownBy(() -> limits(arguments.toArray(String[]::new))).isInstanceOf(SettingsException.class);
    }
}
