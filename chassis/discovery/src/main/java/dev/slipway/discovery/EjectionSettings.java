package dev.slipway.discovery;

import dev.slipway.core.Setting;
import java.time.Duration;

/// When an instance that fails is left out, and for how long.
///
/// @param failures how many failures in a row eject; 0 for never
/// @param first how long the first ejection lasts before one call probes the instance; each next lasts twice as long
/// @param share at most this share of the instances is ejected, but one may always be if there are two
public record EjectionSettings(
        @Setting(
                about = "Failures in a row that eject an instance; 0 for never",
                byDefault = "5",
                least = "0",
                most = "1_000_000")
        int failures,

        @Setting(
                about = "How long the first ejection lasts; each next lasts twice as long",
                byDefault = "5s",
                least = "1ms")
        Duration first,

        @Setting(about = "How long an ejection lasts at the most", byDefault = "5m")
        Duration longest,

        @Setting(about = "The share of the instances that may be ejected", byDefault = "0.5", least = "0", most = "1")
        double share) {

    public EjectionSettings {
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("longest must not be shorter than first");
        }
    }

    boolean enabled() {
        return failures > 0 && share > 0;
    }

    /// How many of so many instances may be ejected.
    int most(int instances) {
        return instances < 2 ? 0 : Math.max(1, (int) (instances * share));
    }
}
