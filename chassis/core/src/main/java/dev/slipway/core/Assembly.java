package dev.slipway.core;

import com.sun.net.httpserver.HttpHandler;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What a service is made of, while [ServiceDefinition#assemble] puts it together.
///
/// Used by one thread, before the service starts.
public final class Assembly {

    private final String name;

    /// Unknown if the service was not packed.
    private final Optional<String> version;

    private final ServiceSettings settings;
    private final Time time;
    private final RandomGenerator random;
    private final Optional<LocalInfrastructure> infrastructure;
    private final Map<String, Component> components = new LinkedHashMap<>();
    private final Map<String, HealthCheck> checks = new LinkedHashMap<>();
    private final Set<String> optional = new HashSet<>();
    private final Map<String, HttpHandler> management = new LinkedHashMap<>();
    private final Map<String, Supplier<URI>> addresses = new LinkedHashMap<>();
    private final List<Supplier<BindAddress>> listeners = new ArrayList<>();
    private final List<HomePage.Link> pages = new ArrayList<>();
    private final Map<Use.Kind, Map<String, SortedSet<String>>> uses = new EnumMap<>(Use.Kind.class);
    private final List<String> refusals = new ArrayList<>();
    private volatile Function<String, Optional<URI>> located = protocol -> Optional.empty();
    private volatile BooleanSupplier readiness = () -> false;
    private volatile Map<String, Health> lastHealth = Map.of();

    Assembly(
            ServiceDefinition<?> definition,
            ServiceSettings settings,
            Time time,
            RandomGenerator random,
            Optional<LocalInfrastructure> infrastructure) {
        this.name = definition.name();
        this.version = Optional.ofNullable(definition.getClass().getPackage().getImplementationVersion());
        this.settings = settings;
        this.time = time;
        this.random = random;
        this.infrastructure = infrastructure;
    }

    public String name() {
        return name;
    }

    /// Where this copy runs; decides what is allowed (development keys, API pages) and nothing else.
    public Environment environment() {
        return settings.environment();
    }

    /// How long the work in flight may take to end when the service stops.
    public Duration drainTimeout() {
        return settings.drainTimeout();
    }

    /// The time that all parts of the service go by.
    public Time time() {
        return time;
    }

    /// What o'clock it is, by [#time].
    public Clock clock() {
        return time.clock();
    }

    /// Where ids, jitter and choices come from; nothing that must not be guessed. May be used by many threads.
    public RandomGenerator random() {
        return random;
    }

    /// The infrastructure of this machine, for components whose address is not configured; empty in production.
    public Optional<LocalInfrastructure> localInfrastructure() {
        return infrastructure;
    }

    /// Adds a part that is started with the service (in the order of these calls) and stopped with it (in reverse).
    ///
    /// @throws IllegalArgumentException if the name is taken
    public void component(String component, Component part) {
        putOnce(components, component, part);
    }

    /// Adds a dependency to readiness and to `/health`, under its name: while it is down, the service is.
    ///
    /// @throws IllegalArgumentException if the name is taken
    public void health(String dependency, HealthCheck check) {
        putOnce(checks, dependency, check);
    }

    /// Adds a dependency that the service can do without: while it is down, the service is ready, and degraded.
    ///
    /// @throws IllegalArgumentException if the name is taken
    public void optionalHealth(String dependency, HealthCheck check) {
        health(dependency, check);
        optional.add(dependency);
    }

    /// The names of all dependencies, once the service is wired.
    public Set<String> dependencies() {
        return Collections.unmodifiableSet(checks.keySet());
    }

    /// Whether the service cannot do without a dependency.
    public boolean isRequired(String dependency) {
        return !optional.contains(dependency);
    }

    /// How a dependency was when somebody last asked for the health or the readiness of the service; runs no check.
    public Optional<Health> lastHealth(String dependency) {
        return Optional.ofNullable(lastHealth.get(dependency));
    }

    /// Serves `path`, and nothing below it, on the management port: to `GET` and `HEAD`.
    ///
    /// @throws IllegalArgumentException if the path is taken
    public void management(String path, HttpHandler handler) {
        putOnce(management, path, handler);
    }

    /// Announces an address that is known once the service has started, for example `http`.
    public void address(String protocol, Supplier<URI> address) {
        putOnce(addresses, protocol, address);
    }

    /// Announces where a part will listen, so that a start tells at once of all ports that are taken.
    public void listens(Supplier<BindAddress> at) {
        listeners.add(at);
    }

    /// Announces a page for people or their tools on the home pages.
    ///
    /// @param what it is, in a few words
    /// @param protocol whose address it is at, for example `http`
    public void page(String what, String protocol, String path) {
        pages.add(new HomePage.Link(what, protocol, path, Optional.empty()));
    }

    /// Announces on the home pages the address of a protocol that has no pages.
    ///
    /// @param command that asks it, in which `{address}` stands for its host and port
    public void speaks(String what, String protocol, Optional<String> command) {
        pages.add(new HomePage.Link(what, protocol, "", command));
    }

    /// What is answered at `/`, once the service is wired.
    public HomePage home() {
        return new HomePage(name, version, environment(), pages, protocol -> located.apply(protocol));
    }

    /// Adds to the table of what the service needs outside itself; what is said twice stands there once.
    ///
    /// @param name of the service, the store or the topic
    public void uses(Use.Kind kind, String name, String... protocols) {
        uses.computeIfAbsent(kind, k -> new TreeMap<>())
                .computeIfAbsent(name, n -> new TreeSet<>())
                .addAll(List.of(protocols));
    }

    /// What the service needs outside itself, by kind and name, once it is wired.
    public List<Use> uses() {
        return uses.entrySet().stream()
                .flatMap(kind -> kind.getValue().entrySet().stream()
                        .map(use -> new Use(kind.getKey(), use.getKey(), use.getValue())))
                .toList();
    }

    /// Refuses to start, with a reason; all reasons are reported together, each once.
    public void refuse(String reason) {
        if (!refusals.contains(reason)) {
            refusals.add(reason);
        }
    }

    /// Whether the service wants requests and no required dependency is down, as `/health/ready` answers; runs the
    /// checks. For parts that tell clients so in another way.
    public boolean isReady() {
        return readiness.getAsBoolean();
    }

    void readiness(BooleanSupplier isReady) {
        readiness = isReady;
    }

    /// @param addresses of what has started, by protocol
    void located(Function<String, Optional<URI>> addresses) {
        located = addresses;
    }

    void found(Map<String, Health> health) {
        lastHealth = Map.copyOf(health);
    }

    Map<String, Component> components() {
        return components;
    }

    Map<String, HealthCheck> checks() {
        return checks;
    }

    Map<String, HttpHandler> management() {
        return management;
    }

    Map<String, Supplier<URI>> addresses() {
        return addresses;
    }

    List<Supplier<BindAddress>> listeners() {
        return listeners;
    }

    List<String> refusals() {
        return refusals;
    }

    private static <T> void putOnce(Map<String, T> map, String key, T value) {
        if (map.putIfAbsent(key, value) != null) {
            throw new IllegalArgumentException("\"" + key + "\" was added twice");
        }
    }
}
