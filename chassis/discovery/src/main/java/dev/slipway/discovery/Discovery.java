package dev.slipway.discovery;

import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Health;
import dev.slipway.core.Use;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the other services are, and how they find this one.
///
/// A service starts without those that it calls: it waits a moment for the sources, not for instances. Thread-safe
/// once the service is assembled.
public final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);
    private static final String LOOPBACK = "127.0.0.1";

    private final Assembly service;
    private final DiscoverySettings settings;
    private final MeterRegistry meters;
    private final @Nullable EtcdClient etcd;
    private final Map<String, Targets> targets = new LinkedHashMap<>();
    private final List<Feed> feeds = new ArrayList<>();
    private final List<Registration> registrations = new ArrayList<>();

    private Discovery(Assembly service, DiscoverySettings settings, MeterRegistry meters) {
        this.service = service;
        this.settings = settings;
        this.meters = meters;
        this.etcd = settings.etcd()
                .map(known -> new EtcdClient(known, service.time()))
                .orElse(null);
    }

    /// Adds discovery to a service, before whatever calls other services. Its health is always up and says what is
    /// known: what was found last is used while a source is away.
    public static Discovery open(Assembly service, DiscoverySettings settings, MeterRegistry meters) {
        var discovery = new Discovery(service, settings, meters);
        service.component("discovery", discovery.new Life());
        service.health("discovery", discovery::check);
        return discovery;
    }

    /// The instances of a service that the settings name; others are refused, and the service does not start. Called
    /// while the service is assembled; the instances are known when it has started.
    public Targets service(String name) {
        return targets.computeIfAbsent(name, this::find);
    }

    private Targets find(String name) {
        service.uses(Use.Kind.CALL, name);
        var found = Optional.ofNullable(settings.services().get(name));
        var strategy = found.map(TargetSettings::strategy).orElse(Strategy.ROUND_ROBIN);
        var clock = service.clock();
        var zone = settings.zone().orElse("");
        var instances = new Targets(name, strategy, zone, settings.ejection(), clock, service.random(), meters);
        found.ifPresentOrElse(
                where -> feeds.add(new Feed(instances, source(where), settings, service.time(), service.random())),
                () -> service.refuse("discovery.services." + name + " is not set;"
                        + " set its addresses, its dns name or its name in etcd"));
        return instances;
    }

    private Source source(TargetSettings where) {
        if (where.dns().isPresent()) {
            return new DnsSource(
                    DnsName.parse(where.dns().get()),
                    settings.dnsServer().map(Instance::parse),
                    settings.refresh(),
                    service.time());
        }
        if (where.etcd().isPresent() && etcd != null) {
            return new EtcdSource(etcd, where.etcd().get(), settings.refresh(), service.clock());
        }
        return new StaticSource(where.instances());
    }

    /// Registers this copy in etcd while it runs, if the settings name an etcd. Called after the server was added,
    /// whose port is asked for when it listens: the entry appears after that, and goes before load balancers are given
    /// time to notice that the service stops. It expires when this copy dies, and comes back when etcd has lost it.
    ///
    /// @param name for others to look up
    public void register(String name, IntSupplier port) {
        TargetSettings.requireName(name);
        if (etcd == null) {
            LOG.info("{} is not registered: discovery.etcd is not set", name);
            return;
        }
        var host = settings.advertise()
                .or(() -> service.environment().allowsDevelopmentAids() ? Optional.of(LOOPBACK) : Optional.empty());
        if (host.isEmpty()) {
            service.refuse("discovery.advertise is not set; set it to the host by which others reach this copy");
            return;
        }
        var zone = settings.zone().orElse("");
        var registration = new Registration(
                service.time(), service.random(), etcd, name, () -> new Instance(host.get(), port.getAsInt(), zone));
        registrations.add(registration);
        service.component(registration.toString(), registration);
    }

    Health check() {
        var found = targets.values().stream().map(Targets::toString);
        var entries = registrations.stream().map(it -> it + (it.isRegistered() ? " is valid" : " is missing"));
        return new Health.Up(Stream.concat(found, entries).collect(Collectors.joining("; ")));
    }

    private final class Life implements Component {

        @Override
        public void start() throws InterruptedException {
            feeds.forEach(Feed::start);
            var end = service.time().nanoTime() + FIRST_ANSWER.toNanos();
            for (var feed : feeds) {
                feed.awaitFirstAnswer(
                        Duration.ofNanos(Math.max(0, end - service.time().nanoTime())));
            }
        }

        @Override
        public void close() {
            feeds.forEach(Feed::close);
            if (etcd != null) {
                etcd.close();
            }
        }

        @Override
        public String toString() {
            return "discovery";
        }
    }
}
