package dev.slipway.discovery;

import dev.slipway.core.Setting;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The section of a service that finds others, by custom `discovery`.
///
/// @param services where the others are, by the name that the code asks for
/// @param refresh how often the DNS is asked, and how often everything is read again from etcd, besides its changes
/// @param staleAfter how long a source may be silent until what is known from it is called stale; it is used still
/// @param advertise the host by which others reach this copy; in development 127.0.0.1 unless it is set
public record DiscoverySettings(
        Map<String, TargetSettings> services,

        @Setting(about = "The zone in which this copy runs") Optional<String> zone,

        @Setting(about = "The host by which others reach this copy, for example ${POD_IP}")
        Optional<String> advertise,

        @Setting(about = "How often a source is asked again", byDefault = "10s", least = "1ms")
        Duration refresh,

        @Setting(about = "How long a source may be silent until its instances are called stale", byDefault = "2m")
        Duration staleAfter,

        @Setting(about = "The DNS server to ask, host:port, instead of those of the machine")
        Optional<String> dnsServer,

        Optional<EtcdSettings> etcd,
        EjectionSettings ejection) {

    public DiscoverySettings {
        services = Map.copyOf(services);
        if (staleAfter.compareTo(refresh) < 0) {
            throw new IllegalArgumentException("stale-after must not be shorter than refresh");
        }
        zone.ifPresent(own -> new Instance("host", 1, own));
        advertise.ifPresent(host -> new Instance(host, 1, ""));
        dnsServer.ifPresent(Instance::parse);
        for (var service : services.entrySet()) {
            if (service.getValue().etcd().isPresent() && etcd.isEmpty()) {
                throw new IllegalArgumentException(
                        "services." + service.getKey() + " is in etcd, but etcd.endpoints is not set");
            }
            if (service.getValue().strategy() == Strategy.ZONE_AWARE && zone.isEmpty()) {
                throw new IllegalArgumentException(
                        "services." + service.getKey() + " is picked by zone, but zone is not set");
            }
        }
    }
}
