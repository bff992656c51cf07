package dev.slipway.security;

import dev.slipway.core.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The section `limits`: how often what may be done. Without rules there is no limit.
///
/// @param trustedProxies addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed; none by default
/// @param maxKeys how many callers, tenants and addresses each rule remembers; the longest unseen are forgotten
/// @param rules by name; a call must be within all that are about it
public record LimitSettings(
        @Setting(about = "Proxies whose X-Forwarded-For is believed", byDefault = "")
        List<String> trustedProxies,

        @Setting(
                about = "Callers, tenants or addresses that a rule remembers",
                byDefault = "100000",
                least = "100",
                most = "10_000_000")
        int maxKeys,

        @Setting(about = "Rules by name") Map<String, Rule> rules) {

    /// Who has a budget of their own.
    public enum By {
        /// Each subject; who is not signed in counts by address.
        CALLER,
        /// Each tenant; callers without a tenant are not limited by this.
        TENANT,
        /// All callers together, for each operation.
        OPERATION,
        /// Each address, before it is known who calls: also for calls with tokens that are not valid. For IPv6 the
        /// network of 64 bits, which one client has to itself.
        ADDRESS
    }

    /// @param operations the rule is about these only; about all if it is empty. Not for [By#ADDRESS]
    /// @param requests how many in `per`; a budget that is used up fills again evenly
    /// @param burst how many at once after a pause; as many as `requests`, if it is not given
    public record Rule(
            @Setting(about = "Who has a budget: caller, tenant, operation or address")
            By by,

            @Setting(about = "Operations that it is about; all if none", byDefault = "")
            List<String> operations,

            @Setting(about = "How many calls", least = "1", most = "1_000_000_000")
            long requests,

            @Setting(about = "In how long", least = "1ms", most = "31d")
            Duration per,

            @Setting(about = "How many at once after a pause", least = "1", most = "1_000_000_000")
            Optional<Long> burst) {
        public Rule {
            operations = List.copyOf(operations);
            if (by == By.ADDRESS && !operations.isEmpty()) {
                throw new IllegalArgumentException("operations: addresses are counted before the operation is known");
            }
        }

        long capacity() {
            return burst.orElse(requests);
        }
    }

    public LimitSettings {
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(Network::of);
        rules = Map.copyOf(rules);
        rules.keySet().forEach(name -> {
            if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
                throw new IllegalArgumentException("rules: \"" + name + "\" is not a name in lower case");
            }
        });
    }
}
