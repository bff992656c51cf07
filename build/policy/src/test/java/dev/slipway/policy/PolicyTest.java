package dev.slipway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.slipway.policy.Rule.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class PolicyTest {
    private static final LocalDate TODAY = LocalDate.parse("2026-03-01");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final String NAPPER = """
            package com.acme.loyalty.grant;
            class Napper { void nap() throws Exception { Thread.sleep(1); } }
            """;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> the_policy_keeps_its_own_rules() {
        return Policy.library("dev.slipway.policy")
                .atLeast(15)
                .allow(
                        Rule.CLOCK_IS_PASSED_IN,
                        "dev.slipway.policy.Policy",
                        "waivers end on a real day; its own tests give it a clock")
                .tests();
    }

    @Test
    void a_clean_service_keeps_every_rule() throws IOException {
        var verdicts = service().atLeast(9).verdicts(Sources.CLEAN_SERVICE.compiledIn(folder));

        assertThat(verdicts)
                .hasSize(Rule.values().length - 1)
                .allSatisfy(verdict -> assertThat(verdict).isInstanceOf(Verdict.Kept.class));
    }

    @TestFactory
    Stream<DynamicTest> a_planted_violator_breaks_its_rule_and_no_other() throws IOException {
        var violators = violators();
        var sources = Sources.CLEAN_SERVICE;
        for (var violator : violators) {
            sources = sources.plus(violator.source());
        }
        var broken = broken(service(), sources);

        return violators.stream()
                .map(violator -> dynamicTest(violator.rule().id() + ": " + violator.finding(), () -> {
                    var breaches = broken.stream()
                            .filter(verdict -> verdict.findings().stream().anyMatch(violator::isIn))
                            .toList();
                    assertThat(breaches).extracting(Verdict.Broken::rule).containsExactly(violator.rule());
                    assertThat(breaches.getFirst().findings())
                            .filteredOn(violator::isIn)
                            .allSatisfy(finding -> assertThat(finding).contains(violator.finding()));
                }));
    }

    /// @param mark a name that only this violator's classes or packages have
    record Violator(Rule rule, String mark, String source, String finding) {
        boolean isIn(String line) {
            return line.contains(mark);
        }
    }

    static List<Violator> violators() {
        var all = new ArrayList<>(List.of(
                new Violator(
                        Rule.NULL_MARKED,
                        "loyalty.unmarked",
                        "package com.acme.loyalty.unmarked; class Plain {}",
                        "com.acme.loyalty.unmarked has no package-info.java"),
                new Violator(Rule.NO_PACKAGE_CYCLES, "loyalty.memory", """
                        package com.acme.loyalty.postgres; public class There { com.acme.loyalty.memory.Back back; }
                        ---
                        package com.acme.loyalty.memory; public class Back { com.acme.loyalty.postgres.There there; }
                        ---
                        @org.jspecify.annotations.NullMarked package com.acme.loyalty.memory;
                        """, "com.acme.loyalty.memory ->"),
                new Violator(
                        Rule.DOMAIN_DEPENDS_INWARD,
                        "Price",
                        "package com.acme.loyalty.domain; class Price { dev.slipway.core.Money money; }",
                        "dev.slipway.core.Money"),
                new Violator(
                        Rule.DOMAIN_DEPENDS_INWARD,
                        "Rows",
                        "package com.acme.loyalty.domain; class Rows { java.sql.Connection connection; }",
                        "java.sql.Connection"),
                new Violator(
                        Rule.SLICES_STAND_ALONE,
                        "Peek",
                        "package com.acme.loyalty.list; class Peek { com.acme.loyalty.grant.GrantEndpoint it; }",
                        "GrantEndpoint")));
        all.addAll(inSlice(Rule.NO_STATIC_STATE, """
                not final | static int count;
                HashMap   | static final java.util.HashMap<String, String> SEEN = null;
                SEEN      | static final java.util.concurrent.ConcurrentMap<?, ?> SEEN = null;
                COUNT     | static final java.util.concurrent.atomic.AtomicLong COUNT = null;
                USER      | static final ThreadLocal<String> USER = null;
                USER      | static final InheritableThreadLocal<String> USER = null;
                NAMES     | public static final String[] NAMES = {};
                ONE       | static final Counter ONE = new Counter(); static class Counter { int count; }
                MEMO      | static final Memo MEMO = new Memo(); static class Memo extends java.util.HashMap<String, String> {}
                HITS      | enum Counters { HITS; int count; }
                """));
        all.addAll(inSlice(Rule.NO_LEGACY_DATES, """
                java.util.Date | Object now() { return new java.util.Date(); }
                legacy date    | void set(java.util.Calendar it) {}
                legacy date    | java.util.Date at;
                """));
        all.addAll(inSlice(Rule.NO_SLEEP, """
                Thread.sleep | void nap() throws Exception { Thread.sleep(1); }
                sleep        | void nap() throws Exception { java.util.concurrent.TimeUnit.DAYS.sleep(1); }
                """));
        all.addAll(inSlice(Rule.NO_CONSOLE, """
                System.out      | void say() { System.out.println(); }
                IO.println      | void say() { IO.println(1); }
                printStackTrace | void say(Exception it) { it.printStackTrace(); }
                """));
        all.addAll(inSlice(Rule.NO_UNMANAGED_THREADS, """
                Thread.<init>      | Object run() { return new Thread(); }
                Thread.<init>      | class Worker extends Thread {}
                newFixedThreadPool | Object run() { return java.util.concurrent.Executors.newFixedThreadPool(8); }
                thenRun            | void run(java.util.concurrent.CompletableFuture<?> it) { it.thenRun(() -> {}); }
                """));
        all.addAll(inSlice(
                Rule.NO_JAVA_SERIALIZATION,
                "ObjectInputStream | Object read(java.io.ObjectInputStream in) { return in; }"));
        all.addAll(inSlice(Rule.NO_REACTIVE_TYPES, """
                Flow | void go(java.util.concurrent.Flow.Publisher<?> it) {}
                Mono | reactor.core.Mono mono;
                """));
        all.addAll(inSlice(Rule.NO_INJECTION_ANNOTATIONS, "Inject | @javax.inject.Inject Object it;"));
        all.addAll(inSlice(Rule.PLAIN_NAMES, """
                GrantImpl     | static class GrantImpl {}
                AbstractGrant | static class AbstractGrant {}
                GrantManager  | static class GrantManager {}
                HTTPGrant     | static class HTTPGrant {}
                """));
        all.addAll(inSlice(Rule.CLOCK_IS_PASSED_IN, """
                currentTimeMillis | long now() { return System.currentTimeMillis(); }
                Instant.now       | Object now() { return java.time.Instant.now(); }
                LocalDate.now     | Object now() { return java.time.LocalDate.now(java.time.ZoneOffset.UTC); }
                Instant.now       | java.util.function.Supplier<java.time.Instant> now = java.time.Instant::now;
                systemUTC         | Object now() { return java.time.Clock.systemUTC(); }
                nanoTime          | long begin() { return System.nanoTime(); }
                nanoTime          | java.util.function.LongSupplier nanos = System::nanoTime;
                await             | void hold(java.util.concurrent.CountDownLatch it) throws Exception { it.await(1, java.util.concurrent.TimeUnit.DAYS); }
                get               | Object hold(java.util.concurrent.Future<?> it) throws Exception { return it.get(1, java.util.concurrent.TimeUnit.DAYS); }
                awaitNanos        | void hold(java.util.concurrent.locks.Condition it) throws Exception { it.awaitNanos(1); }
                wait              | synchronized void hold() throws Exception { wait(1); }
                timedWait         | synchronized void hold() throws Exception { java.util.concurrent.TimeUnit.DAYS.timedWait(this, 1); }
                join              | void hold(Thread it) throws Exception { it.join(1); }
                parkNanos         | void hold() { java.util.concurrent.locks.LockSupport.parkNanos(1); }
                """));
        all.addAll(inSlice(Rule.RANDOMNESS_IS_PASSED_IN, """
                Math.random   | double dice() { return Math.random(); }
                Random.<init> | Object dice() { return new java.util.Random(); }
                randomUUID    | Object id() { return java.util.UUID.randomUUID(); }
                getDefault    | Object dice() { return java.util.random.RandomGenerator.getDefault(); }
                current       | Object dice() { return java.util.concurrent.ThreadLocalRandom.current(); }
                """));
        all.addAll(inSlice(Rule.ONE_APP_WIRES, """
                Assembly | void wire(dev.slipway.core.Assembly it) {}
                Platform | dev.slipway.platform.Platform platform;
                """));
        all.addAll(inSlice(Rule.NO_CHASSIS_INTERNALS, "Wire | dev.slipway.web.internal.Wire wire;"));
        return all;
    }

    @Test
    void two_apps_are_one_too_many() throws IOException {
        var broken = broken(service(), Sources.CLEAN_SERVICE.plus("""
                package com.acme.loyalty;
                class SecondApp implements dev.slipway.core.ServiceDefinition {
                    public void assemble(dev.slipway.core.Assembly service) {}
                }
                """));

        assertThat(broken).extracting(Verdict.Broken::rule).containsExactly(Rule.ONE_APP_WIRES);
        assertThat(broken.getFirst().findings()).hasSize(2);
    }

    @Test
    void nobody_depends_on_the_app() throws IOException {
        var broken = broken(service(), Sources.CLEAN_SERVICE.plus("""
                package com.acme.loyalty.other; class Restart { com.acme.loyalty.LoyaltyApp app; }
                ---
                @org.jspecify.annotations.NullMarked package com.acme.loyalty.other;
                """));

        assertThat(broken).extracting(Verdict.Broken::rule).containsExactly(Rule.ONE_APP_WIRES);
    }

    @Test
    void a_library_uses_only_the_packages_of_ours_that_it_declares() throws IOException {
        var classes = Sources.CLEAN_SERVICE.compiledIn(folder);

        assertThat(verdict(library(), Rule.DEPENDS_DOWNWARDS, classes)).isInstanceOf(Verdict.Broken.class);
        assertThat(verdict(library().mayUse("dev.slipway.cor"), Rule.DEPENDS_DOWNWARDS, classes))
                .isInstanceOf(Verdict.Broken.class);
        assertThat(verdict(library().mayUse("dev.slipway.core"), Rule.DEPENDS_DOWNWARDS, classes))
                .isInstanceOf(Verdict.Kept.class);
    }

    @Test
    void an_internal_package_and_its_owner_are_no_cycle() throws IOException {
        assertThat(broken(service(), Sources.CLEAN_SERVICE.plus("""
                        package com.acme.loyalty.grant; public class Facade { com.acme.loyalty.grant.internal.Detail detail; }
                        ---
                        package com.acme.loyalty.grant.internal; public class Detail { com.acme.loyalty.grant.Facade facade; }
                        ---
                        @org.jspecify.annotations.NullMarked package com.acme.loyalty.grant.internal;
                        """))).isEmpty();
    }

    @Test
    void a_domain_may_use_the_value_types_it_declares() throws IOException {
        var money = Sources.CLEAN_SERVICE.plus(
                "package com.acme.loyalty.domain; class Price { dev.slipway.core.Money money; }");

        assertThat(broken(service().mayUse("dev.slipway.core.Money"), money)).isEmpty();
    }

    @Test
    void a_declared_adapter_and_a_slice_may_know_each_other() throws IOException {
        var peek = Sources.CLEAN_SERVICE.plus(
                "package com.acme.loyalty.list; class Peek { com.acme.loyalty.grant.GrantEndpoint it; }");

        assertThat(broken(service().adapters("grant"), peek)).isEmpty();
    }

    @Test
    void a_library_may_be_allowed_to_print_for_good_but_a_service_may_not() throws IOException {
        var classes = Sources.CLEAN_SERVICE
                .plus("package com.acme.loyalty.list; class Say { void say() { System.out.println(); } }")
                .compiledIn(folder);

        assertThat(verdict(library(), Rule.NO_CONSOLE, classes)).isInstanceOf(Verdict.Broken.class);
        assertThat(verdict(
                        library().allow(Rule.NO_CONSOLE, "com.acme.loyalty.list", "it is a command line"),
                        Rule.NO_CONSOLE,
                        classes))
                .isInstanceOf(Verdict.Kept.class);
        assertThatThrownBy(() -> service().allow(Rule.NO_CONSOLE, "com.acme.loyalty.list", "it is a command line"))
                .isInstanceOf(IllegalStateException.class);
    }

    @TestFactory
    Stream<DynamicTest> a_library_takes_time_and_randomness_only_where_it_is_allowed_to() throws IOException {
        var seam = "com.acme.loyalty.list.Seam";
        var library = Sources.CLEAN_SERVICE.plus("""
                        package com.acme.loyalty.list;
                        class Seam { Object it = System.nanoTime() + new java.util.Random().nextLong(); }
                        """).compiledIn(folder);

        return Stream.of(Rule.CLOCK_IS_PASSED_IN, Rule.RANDOMNESS_IS_PASSED_IN)
                .map(rule -> dynamicTest(rule.id(), () -> {
                    assertThat(verdict(library(), rule, library))
                            .isInstanceOfSatisfying(
                                    Verdict.Broken.class,
                                    broken -> assertThat(broken.findings())
                                            .singleElement()
                                            .asString()
                                            .contains(seam));
                    assertThat(verdict(library().allow(rule, seam, "it is the seam"), rule, library))
                            .isInstanceOf(Verdict.Kept.class);
                }));
    }

    @Test
    void a_rule_fails_when_it_sees_fewer_classes_than_promised() throws IOException {
        var broken = service().atLeast(1_000).verdicts(Sources.CLEAN_SERVICE.compiledIn(folder)).stream()
                .filter(Verdict.Broken.class::isInstance)
                .toList();

        assertThat(broken)
                .extracting(Verdict::rule)
                .containsExactlyElementsOf(Arrays.stream(Rule.values())
                        .filter(rule -> rule.holder() != Holder.LIBRARY && rule.floor() == Rule.Floor.EVERY_CLASS)
                        .toList());
    }

    @Test
    void a_package_that_does_not_exist_keeps_no_rule() {
        assertThat(Policy.service("com.acme.nowhere").verdicts())
                .noneMatch(Verdict.Kept.class::isInstance)
                .filteredOn(Verdict.NotApplicable.class::isInstance)
                .extracting(Verdict::rule)
                .allMatch(rule -> rule.floor() == Rule.Floor.NONE);
    }

    @Test
    void a_waiver_covers_its_class_until_its_last_day() throws IOException {
        var napping = Sources.CLEAN_SERVICE.plus(NAPPER);
        var napper = "com.acme.loyalty.grant.Napper";

        assertThat(broken(service().except(Rule.NO_SLEEP, napper, "until #7", TODAY), napping))
                .isEmpty();
        assertThat(findings(service().except(Rule.NO_SLEEP, napper, "until #7", TODAY.minusDays(1)), napping))
                .anyMatch(it -> it.contains("is over"))
                .anyMatch(it -> it.contains("Thread.sleep"));
        assertThat(findings(service().except(Rule.NO_SLEEP, "com.acme.loyalty.list", "until #7", TODAY), napping))
                .anyMatch(it -> it.contains("covers nothing"))
                .anyMatch(it -> it.contains("Thread.sleep"));
    }

    @Test
    void a_waiver_without_reason_or_for_more_than_a_year_is_refused() {
        assertThatThrownBy(() -> service().except(Rule.NO_SLEEP, "com.acme", " ", TODAY))
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> service().except(Rule.NO_SLEEP, "com.acme", "lazy", TODAY.plusDays(366)))
                .hasMessageContaining("a year");
    }

    @Test
    void every_rule_is_a_test_of_its_own_that_passes_fails_or_is_skipped() {
        var tests = Policy.service("dev.slipway.policy").tests().toList();

        assertThat(tests).hasSize(Rule.values().length - 1);
        assertThatCode(() -> run(tests, "no-sleep: ")).doesNotThrowAnyException();
        assertThatThrownBy(() -> run(tests, "one-app-wires: "))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining(Rule.ONE_APP_WIRES.why())
                .hasMessageContaining("looked at 0 in dev.slipway.policy");
        assertThatThrownBy(() -> run(tests, "domain-depends-inward: ")).isInstanceOf(TestAbortedException.class);
    }

    private static void run(List<DynamicTest> tests, String prefix) throws Throwable {
        for (var test : tests) {
            if (test.getDisplayName().startsWith(prefix)) {
                test.getExecutable().execute();
            }
        }
    }

    /// Each member in a class of its own, whose name no other violator has.
    ///
    /// @param table lines of `finding | member`
    private static List<Violator> inSlice(Rule rule, String table) {
        return table.lines()
                .map(line -> line.split(" +\\| ", 2))
                .map(cells -> violator(rule, cells[0], cells[1]))
                .toList();
    }

    private static Violator violator(Rule rule, String finding, String member) {
        var name = "Planted" + Integer.toHexString(member.hashCode()) + "_";
        var source = "package com.acme.loyalty.grant; class %s { %s }".formatted(name, member);
        return new Violator(rule, name, source, finding);
    }

    private static Policy service() {
        return new Policy("com.acme.loyalty", Holder.SERVICE, CLOCK);
    }

    private static Policy library() {
        return new Policy("com.acme.loyalty", Holder.LIBRARY, CLOCK);
    }

    private List<Verdict.Broken> broken(Policy policy, Sources sources) throws IOException {
        return policy.verdicts(sources.compiledIn(folder)).stream()
                .filter(Verdict.Broken.class::isInstance)
                .map(Verdict.Broken.class::cast)
                .toList();
    }

    private List<String> findings(Policy policy, Sources sources) throws IOException {
        return broken(policy, sources).stream()
                .flatMap(it -> it.findings().stream())
                .toList();
    }

    private static Verdict verdict(Policy policy, Rule rule, JavaClasses classes) {
        return policy.verdicts(classes).stream()
                .filter(it -> it.rule() == rule)
                .findFirst()
                .orElseThrow();
    }
}
