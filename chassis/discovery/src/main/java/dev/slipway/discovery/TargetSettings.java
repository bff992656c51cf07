package dev.slipway.discovery;

import dev.slipway.core.Setting;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where the instances of one service are found, by exactly one of three ways, and how they are picked.
///
/// @param addresses `host:port` or `host:port@zone`
/// @param dns `name:port` for the addresses of a name, or `_port._protocol.name` for its SRV records
/// @param etcd the name under which the instances register
public record TargetSettings(
        @Setting(about = "The instances themselves: host:port or host:port@zone")
        List<String> addresses,

        @Setting(about = "A name in the DNS: name:port, or _port._protocol.name for SRV records")
        Optional<String> dns,

        @Setting(about = "The name under which the instances register in etcd")
        Optional<String> etcd,

        @Setting(about = "How an instance is picked", byDefault = "least-requests")
        Strategy strategy) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    public TargetSettings {
        var written = List.copyOf(addresses);
        check("addresses", () -> parsed(written));
        addresses = written;
        var ways = Stream.of(!addresses.isEmpty(), dns.isPresent(), etcd.isPresent())
                .filter(given -> given)
                .count();
        if (ways != 1) {
            throw new IllegalArgumentException("addresses, dns, etcd: exactly one of them must be set");
        }
        dns.ifPresent(name -> check("dns", () -> DnsName.parse(name)));
        etcd.ifPresent(name -> check("etcd", () -> requireName(name)));
        if (dns.isPresent() && strategy == Strategy.ZONE_AWARE) {
            throw new IllegalArgumentException("strategy zone-aware needs zones, which the DNS does not tell");
        }
    }

    List<Instance> instances() {
        return parsed(addresses);
    }

    static void requireName(String service) {
        if (!NAME.matcher(service).matches()) {
            throw new IllegalArgumentException("\"" + Instance.printable(service) + "\" is not a service's name");
        }
    }

    private static List<Instance> parsed(List<String> addresses) {
        return addresses.stream().map(Instance::parse).toList();
    }

    private static void check(String key, Runnable parsing) {
        try {
            parsing.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
