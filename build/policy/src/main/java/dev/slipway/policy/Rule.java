package dev.slipway.policy;

import java.util.Locale;

/// What the policy asks of a module, each with its reason.
///
/// The [id][#id()] is what reports and waiver files print; it never changes once released.
public enum Rule {
    NO_STATIC_STATE(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "No class keeps state in a static field.",
            "Several services run in one JVM, and a test may hold two copies of one: what is static, they would share."),
    NO_LEGACY_DATES(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Dates and times are java.time types.",
            "Date and Calendar are mutable and carry a hidden time zone. Date.from and toInstant are allowed, to"
                    + " convert where a library speaks nothing else."),
    NO_SLEEP(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Nothing sleeps.",
            "A sleep waits too long or not long enough: wait for the condition itself, with a deadline."),
    NO_CONSOLE(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Nothing prints to the console.",
            "What is printed past the logger has no request id, no level and no redaction."),
    NO_UNMANAGED_THREADS(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Concurrency is virtual threads: no raw threads, no sized pools, no CompletableFuture chains.",
            "Pools are sized by guess, and callbacks lose the request context, the stack trace and the interrupt."),
    NO_JAVA_SERIALIZATION(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Nothing reads or writes Java-serialized objects.",
            "Reading them runs code that the sender chose."),
    NO_REACTIVE_TYPES(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "No reactive types.",
            "Blocking code on virtual threads does the same and can be read, debugged and interrupted."),
    NO_INJECTION_ANNOTATIONS(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Nothing is wired by annotations.",
            "Wiring is constructor calls in the App, which a reader can follow and the compiler checks."),
    PLAIN_NAMES(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "No class is called …Impl, …Manager, …Helper, …Util, …Utils, …Common, …Base, Abstract… or …HTTP….",
            "Such names say what a class is not; name it by what it does or by its technology."),
    NULL_MARKED(
            Holder.ANY,
            Floor.ONE,
            "Every package is @NullMarked in its package-info.",
            "Outside null-marked code the compiler does not check for null at all."),
    NO_PACKAGE_CYCLES(
            Holder.ANY,
            Floor.ONE,
            "Packages do not depend on each other in a circle.",
            "What lies on a circle can be neither understood nor taken out alone. An internal package counts as a"
                    + " part of the package that holds it."),
    DEPENDS_DOWNWARDS(
            Holder.LIBRARY,
            Floor.EVERY_CLASS,
            "A library uses no other dev.slipway package than those it declares.",
            "Dependencies run downwards only: services, chassis, core."),
    CLOCK_IS_PASSED_IN(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Only the App asks the system for the time, or waits for some to pass.",
            "With a Clock in the constructor, or core's Time for spans and waits, a test can decide what time it is."),
    RANDOMNESS_IS_PASSED_IN(
            Holder.ANY,
            Floor.EVERY_CLASS,
            "Only the App creates sources of randomness and of ids.",
            "With the source in the constructor a test can repeat what happened."),
    ONE_APP_WIRES(
            Holder.SERVICE,
            Floor.ONE,
            "One class at the root of the service, its ServiceDefinition, wires it, and nobody depends on that class.",
            "A reader sees every protocol, store and topic of the service on one page."),
    DOMAIN_DEPENDS_INWARD(
            Holder.SERVICE,
            Floor.NONE,
            "The domain uses the JDK and itself.",
            "Business rules outlive the technology around them, and are tested without it."),
    SLICES_STAND_ALONE(
            Holder.SERVICE,
            Floor.NONE,
            "A slice does not use another slice.",
            "A slice can be added, changed and taken away alone; what two slices share belongs in the domain."),
    NO_CHASSIS_INTERNALS(
            Holder.SERVICE,
            Floor.EVERY_CLASS,
            "A service does not use the chassis' internal packages.",
            "They change in any release.");

    /// Whom a rule is for.
    enum Holder {
        ANY,
        LIBRARY,
        SERVICE
    }

    /// How many things a check must have seen, so that it never passes on nothing.
    enum Floor {
        /// As many classes as the module has promised.
        EVERY_CLASS,
        ONE,
        /// The thing may be missing: a plain CRUD service has no domain. The rule is then reported as not applicable.
        NONE
    }

    private final Holder holder;
    private final Floor floor;
    private final String description;
    private final String why;

    Rule(Holder holder, Floor floor, String description, String why) {
        this.holder = holder;
        this.floor = floor;
        this.description = description;
        this.why = why;
    }

    /// The rule's stable name, for instance `no-static-state`.
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String description() {
        return description;
    }

    public String why() {
        return why;
    }

    Holder holder() {
        return holder;
    }

    Floor floor() {
        return floor;
    }
}
