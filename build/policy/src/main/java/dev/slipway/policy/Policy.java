package dev.slipway.policy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.slipway.policy.Rule.Holder;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/// The rules that one module is held to, as tests.
///
/// A module has one small test class, which extends [LibraryRules]; that of a service extends [ServiceRules].
///
/// Only compiled classes of the module itself are read: those below its package, in folders of the class path, without
/// its tests. A policy is told everything first and then run once; it is not safe for use by several threads.
public final class Policy {
    /// Packages that are adapters in any service, because they are called by their technology.
    private static final Set<String> USUAL_ADAPTERS = Set.of(
            "clickhouse", "eventsourced", "graphql", "grpc", "kafka", "memory", "postgres", "redis", "rest", "search");

    private final String root;
    private final Holder holder;
    private final Set<String> mayUse = new HashSet<>();
    private final Set<String> adapters = new HashSet<>(USUAL_ADAPTERS);
    private final List<Waiver> waivers = new ArrayList<>();
    private final Clock clock;
    private int atLeast = 1;

    Policy(String root, Holder holder, Clock clock) {
        this.root = root;
        this.holder = holder;
        this.clock = clock;
    }

    /// The policy of a chassis, infra or tool module.
    public static Policy library(String root) {
        return new Policy(root, Holder.LIBRARY, Clock.systemUTC());
    }

    /// The policy of a service, whose App is in `root`.
    public static Policy service(String root) {
        return new Policy(root, Holder.SERVICE, Clock.systemUTC());
    }

    /// How many classes the module has at the least: fewer mean that a rule would pass on nothing, and it fails.
    public Policy atLeast(int classes) {
        atLeast = classes;
        return this;
    }

    /// Packages or classes that are open to this module: for a library, those of other `dev.slipway` modules; for a
    /// service, those that its domain may use besides the JDK.
    public Policy mayUse(String... packages) {
        mayUse.addAll(List.of(packages));
        return this;
    }

    /// Packages directly below a service's root that are no slices: slices may use them, and they may use slices.
    ///
    /// The domain and packages called by a usual technology (`postgres`, `kafka`, `grpc`, …) need not be named.
    public Policy adapters(String... packages) {
        adapters.addAll(List.of(packages));
        return this;
    }

    /// Lets one class, or all of one package, of a library break a rule for good, because it must: a command line prints.
    ///
    /// A service takes [#except] instead. The rule fails when this covers nothing any more.
    ///
    /// @param where full name of the class or package
    public Policy allow(Rule rule, String where, String reason) {
        if (holder == Holder.SERVICE) {
            throw new IllegalStateException("A service breaks no rule for good: use except, with a last day");
        }
        waivers.add(new Waiver(rule, where, reason, LocalDate.MAX));
        return this;
    }

    /// Lets one class, or all of one package, break a rule for a while.
    ///
    /// The rule fails again after the last day, and also when the waiver covers nothing any more.
    ///
    /// @param where full name of the class or package
    /// @param until the last day, at most a year ahead
    public Policy except(Rule rule, String where, String reason, LocalDate until) {
        if (until.isAfter(LocalDate.now(clock).plusYears(1))) {
            throw new IllegalArgumentException("The waiver of %s for %s lasts until %s; at most a year is allowed"
                    .formatted(rule.id(), where, until));
        }
        waivers.add(new Waiver(rule, where, reason, until));
        return this;
    }

    /// One test for each rule that applies to the module. A rule about something that the module does not have is
    /// reported as skipped.
    public Stream<DynamicTest> tests() {
        return verdicts().stream()
                .map(verdict -> DynamicTest.dynamicTest(
                        verdict.rule().id() + ": " + verdict.rule().description(), () -> report(verdict)));
    }

    /// How the module stands to each rule, in the rules' order.
    public List<Verdict> verdicts() {
        return verdicts(Scope.read(importer -> importer.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_ARCHIVES)
                .importPackages(root)));
    }

    List<Verdict> verdicts(JavaClasses classes) {
        var scope = Scope.of(root, classes);
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.holder() == Holder.ANY || rule.holder() == holder)
                .map(rule -> judge(rule, look(rule, scope, classes)))
                .toList();
    }

    private Seen look(Rule rule, Scope scope, JavaClasses classes) {
        return switch (rule) {
            case NO_STATIC_STATE -> StaticState.check(scope);
            case NO_LEGACY_DATES -> BannedApis.legacyDates(scope);
            case NO_SLEEP -> BannedApis.sleep(scope);
            case NO_CONSOLE -> BannedApis.console(scope);
            case NO_UNMANAGED_THREADS -> BannedApis.threads(scope);
            case NO_JAVA_SERIALIZATION -> BannedApis.serialization(scope);
            case NO_REACTIVE_TYPES -> BannedApis.reactiveTypes(scope);
            case NO_INJECTION_ANNOTATIONS -> BannedApis.injection(scope);
            case PLAIN_NAMES -> Naming.plainNames(scope);
            case NULL_MARKED -> Naming.nullMarked(scope);
            case NO_PACKAGE_CYCLES -> Layers.cycles(scope, classes);
            case DEPENDS_DOWNWARDS -> Layers.downwards(scope, mayUse);
            case CLOCK_IS_PASSED_IN -> BannedApis.systemClock(scope);
            case RANDOMNESS_IS_PASSED_IN -> BannedApis.randomness(scope);
            case ONE_APP_WIRES -> Layers.app(scope);
            case DOMAIN_DEPENDS_INWARD -> Layers.domain(scope, mayUse);
            case SLICES_STAND_ALONE -> Layers.slices(scope, adapters);
            case NO_CHASSIS_INTERNALS -> Layers.chassisInternals(scope);
        };
    }

    private Verdict judge(Rule rule, Seen seen) {
        var floor = switch (rule.floor()) {
            case EVERY_CLASS -> Math.max(1, atLeast);
            case ONE -> 1;
            case NONE -> 0;
        };
        var mine = waivers.stream().filter(waiver -> waiver.rule() == rule).toList();
        var findings = new ArrayList<String>();
        if (seen.count() < floor) {
            findings.add("looked at %s in %s and expected at least %s: is the package right, is it compiled?"
                    .formatted(seen.count(), root, floor));
        }
        mine.stream()
                .filter(waiver -> seen.findings().stream().noneMatch(waiver::covers))
                .forEach(waiver -> findings.add("the " + waiver + " covers nothing: delete it"));
        mine.stream()
                .filter(waiver -> isOver(waiver) && seen.findings().stream().anyMatch(waiver::covers))
                .forEach(waiver -> findings.add("the " + waiver + " is over"));
        seen.findings().stream()
                .filter(finding -> mine.stream().noneMatch(waiver -> !isOver(waiver) && waiver.covers(finding)))
                .forEach(finding -> findings.add(finding.what()));
        if (!findings.isEmpty()) {
            return new Verdict.Broken(rule, findings);
        }
        return seen.count() == 0 ? new Verdict.NotApplicable(rule) : new Verdict.Kept(rule, seen.count());
    }

    private boolean isOver(Waiver waiver) {
        return waiver.until().isBefore(LocalDate.now(clock));
    }

    private void report(Verdict verdict) {
        switch (verdict) {
            case Verdict.Kept kept -> Assertions.assertTrue(kept.seen() > 0);
            case Verdict.NotApplicable missing -> Assumptions.abort(root + " has nothing that this rule is about");
            case Verdict.Broken(var rule, var findings) ->
                Assertions.fail("%s %s%n  %s"
                        .formatted(
                                rule.description(), rule.why(), String.join(System.lineSeparator() + "  ", findings)));
        }
    }
}
