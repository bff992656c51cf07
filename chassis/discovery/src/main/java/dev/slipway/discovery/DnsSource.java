package dev.slipway.discovery;

import dev.slipway.core.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Asks the DNS for the addresses of a name (A and AAAA), or for its SRV records (RFC 2782).
///
/// By dnsjava, which asks the servers each time and completes short names as the machine's resolver does: `InetAddress`
/// knows no SRV records and answers from a cache of the whole JVM.
///
/// @param server to ask instead of those of the machine
record DnsSource(DnsName name, Optional<Instance> server, Duration refresh, Time time) implements Source {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_SERVICE_RECORDS = 100;

    @Override
    public void follow(Consumer<Collection<Instance>> news) throws IOException, InterruptedException {
        news.accept(lookUp());
        time.await(new CountDownLatch(1), refresh.toNanos());
    }

    private Collection<Instance> lookUp() throws IOException {
        var resolver = resolver();
        var instances = name.isService() ? services(resolver) : addresses(resolver, name.name(), name.port());
        if (instances.isEmpty()) {
            throw new IOException(name.name() + " has no records");
        }
        return instances;
    }

    private Resolver resolver() throws IOException {
        var resolver = server.isPresent()
                ? new ExtendedResolver(new Resolver[] {resolverAt(server.get())})
                : new ExtendedResolver();
        for (var each : resolver.getResolvers()) {
            each.setTimeout(PATIENCE);
        }
        return resolver;
    }

    private static Resolver resolverAt(Instance server) throws IOException {
        return new SimpleResolver(new InetSocketAddress(InetAddress.getByName(server.host()), server.port()));
    }

    private static List<Instance> addresses(Resolver resolver, String host, int port) throws IOException {
        var instances = new ArrayList<Instance>();
        for (var found : ask(resolver, host, Type.A)) {
            instances.add(new Instance(((ARecord) found).getAddress().getHostAddress(), port, ""));
        }
        for (var found : ask(resolver, host, Type.AAAA)) {
            instances.add(new Instance(((AAAARecord) found).getAddress().getHostAddress(), port, ""));
        }
        return instances;
    }

    /// Those of the first priority; the DNS does not list what is gone, so the others are never needed.
    private List<Instance> services(Resolver resolver) throws IOException {
        var records = ask(resolver, name.name(), Type.SRV).stream()
                .map(SRVRecord.class::cast)
                .toList();
        var first = records.stream().mapToInt(SRVRecord::getPriority).min().orElse(0);
        var instances = new ArrayList<Instance>();
        for (var found : records) {
            if (found.getPriority() == first && instances.size() < MOST_SERVICE_RECORDS) {
                instances.addAll(addresses(resolver, found.getTarget().toString(), found.getPort()));
            }
        }
        return instances;
    }

    /// Empty if the name or such records of it do not exist.
    private static List<Record> ask(Resolver resolver, String host, int type) throws IOException {
        Lookup lookup;
        try {
            lookup = new Lookup(host, type);
        } catch (TextParseException e) {
            throw new IOException(host + " is no name", e);
        }
        lookup.setResolver(resolver);
        lookup.setCache(null);
        lookup.run();
        return switch (lookup.getResult()) {
            case Lookup.SUCCESSFUL -> Arrays.asList(lookup.getAnswers());
            case Lookup.HOST_NOT_FOUND, Lookup.TYPE_NOT_FOUND -> List.of();
            default -> throw new IOException(host + ": " + lookup.getErrorString());
        };
    }

    @Override
    public String toString() {
        return "DNS";
    }
}
