package dev.slipway.resilience;

import dev.slipway.core.Checks;
import dev.slipway.core.Setting;
import java.time.Duration;

/// How many requests a server takes on at once.
///
/// @param least never fewer, so that the limit can learn; more than the machine can bear makes the limit useless
/// @param toleratedDelay how much longer than usual a request may take before the server counts as overloaded; at the
///     least as long again as usual is always tolerated
public record ConcurrencyLimitSettings(
        @Setting(about = "Requests served at once, however slow they are", byDefault = "20", least = "1")
        int least,

        @Setting(
                about = "Requests served at once, however fast they are",
                byDefault = "2000",
                least = "1",
                most = "1_000_000")
        int most,

        @Setting(about = "How much longer than usual requests may take", byDefault = "500ms", least = "1ms")
        Duration toleratedDelay) {

    public ConcurrencyLimitSettings {
        Checks.atMost("least", least, "most", most);
    }
}
