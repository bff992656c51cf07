package dev.slipway.discovery;

import dev.slipway.core.Secret;
import dev.slipway.core.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The etcd in which services register.
///
/// @param endpoints its members; when one does not answer, the next is asked
/// @param lease how long a registrant that died silently stays registered
public record EtcdSettings(
        @Setting(about = "The members of the cluster: http://host:2379 or https://host:2379")
        List<URI> endpoints,

        @Setting(about = "User, if etcd asks for one") Optional<String> user,
        @Setting(about = "Password of the user") Optional<Secret> password,

        @Setting(about = "What the keys begin with", byDefault = "/slipway/services/")
        String prefix,

        @Setting(
                about = "How long a registrant that died stays registered",
                byDefault = "10s",
                least = "1s",
                most = "1h")
        Duration lease) {

    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints must name at least one member");
        }
        for (var endpoint : endpoints) {
            var scheme = endpoint.getScheme();
            if (!("http".equals(scheme) || "https".equals(scheme))
                    || endpoint.getHost() == null
                    || endpoint.getUserInfo() != null) {
                throw new IllegalArgumentException("endpoints must be of the form http://host:2379, without a user");
            }
        }
        if (user.isPresent() != password.isPresent()) {
            throw new IllegalArgumentException("user and password go together");
        }
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix must begin and end with /");
        }
    }
}
