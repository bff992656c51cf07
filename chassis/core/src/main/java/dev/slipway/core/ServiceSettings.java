package dev.slipway.core;

import java.time.Duration;
import java.util.Optional;

/// The section `service`, which every service has.
///
/// @param environment where this copy runs
/// @param managementHost what the management port listens on; by default all interfaces in production, else loopback
/// @param managementPort port of health and metrics; 0 takes a free one
/// @param shutdownDelay how long a stopping service is unready before it takes no more work, so that load balancers
///     can notice
/// @param drainTimeout how long the work in flight may take to end, all of it together
/// @param terminationGrace after it the platform kills what still runs: `terminationGracePeriodSeconds` of Kubernetes
/// @param hint printed when the service is ready; `{http}` stands for its address
public record ServiceSettings(
        @Setting(about = "development, test or production", byDefault = "production")
        Environment environment,

        @Setting(about = "What the management port listens on")
        Optional<String> managementHost,

        @Setting(
                about = "Port of health and metrics; 0 takes a free one",
                byDefault = "9090",
                least = "0",
                most = "65535")
        int managementPort,

        @Setting(about = "How long a stopping service is unready before it stops intake", byDefault = "0s")
        Duration shutdownDelay,

        @Setting(about = "How long the work in flight may take to end", byDefault = "20s")
        Duration drainTimeout,

        @Setting(about = "When the platform kills what has not stopped; longer than the two above", byDefault = "30s")
        Duration terminationGrace,

        @Setting(about = "What to try next, printed when the service is ready; {http} stands for its address")
        Optional<String> hint) {

    public ServiceSettings {
        if (shutdownDelay.plus(drainTimeout).compareTo(terminationGrace) >= 0) {
            throw new IllegalArgumentException(
                    "termination-grace must be longer than shutdown-delay and drain-timeout together");
        }
    }

    /// Where the management port listens.
    ///
    /// @throws StartException if this machine does not know the host
    BindAddress managementAddress() {
        return BindAddress.of("service.management-", managementHost, managementPort, environment);
    }
}
