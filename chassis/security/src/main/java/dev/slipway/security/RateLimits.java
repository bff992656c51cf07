package dev.slipway.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import dev.slipway.security.LimitSettings.By;
import dev.slipway.security.LimitSettings.Rule;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How often callers may do what; one for REST, gRPC and GraphQL alike. Token buckets, counted by this copy of the
/// service alone. Thread-safe.
///
/// A call that is refused has used up what the rules before the refusing one granted it.
public final class RateLimits {
    private static final int LONGEST_KEY = 64;
    /// An address of IPv6 in brackets, or one of IPv4, each perhaps with a port and in quotes.
    private static final Pattern HOP =
            Pattern.compile("\\s*\"?(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+))(?::\\d{1,5})?\"?\\s*");

    private final List<Counted> rules;
    private final List<Network> trustedProxies;

    /// What is left to who calls, by the rule that leaves the least
    /// ([draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/)).
    ///
    /// @param rule its name
    /// @param policy how many calls in how long: the header `RateLimit-Policy`
    /// @param remaining how many are left
    /// @param reset until all of them are there again; of a call that is refused, until it is worth trying again
    public record Budget(String rule, String policy, long remaining, Duration reset) {
        private Budget until(Duration wait) {
            return new Budget(rule, policy, remaining, wait);
        }

        /// The header `RateLimit`.
        public String state() {
            return '"' + rule + "\";r=" + remaining + ";t=" + reset.toSeconds();
        }
    }

    /// Whether a call is within its limits.
    ///
    /// @param budget empty if no rule is about the call
    /// @param retryAfter when it is worth trying again; empty if the call may go on
    public record Decision(Optional<Budget> budget, Optional<Duration> retryAfter) {
        private static final Decision UNLIMITED = new Decision(Optional.empty(), Optional.empty());

        /// @throws ProblemException of kind `TOO_MANY` and code `rate-limited` if the call may not go on
        public void enforce() {
            if (retryAfter.isPresent()) {
                throw Problem.of(Kind.TOO_MANY, "rate-limited", "Too many requests; slow down.")
                        .retryAfter(retryAfter.get())
                        .asException();
            }
        }
    }

    private record Counted(
            String name, Rule rule, String policy, LoadingCache<String, Bucket> buckets, Counter refused) {
        boolean isAbout(String operation) {
            return rule.operations().isEmpty() || rule.operations().contains(operation);
        }
    }

    private RateLimits(List<Counted> rules, List<Network> trustedProxies) {
        this.rules = rules;
        this.trustedProxies = trustedProxies;
    }

    public static RateLimits open(Assembly service, LimitSettings settings, MeterRegistry meters) {
        var rules = settings.rules().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> counted(entry.getKey(), entry.getValue(), settings.maxKeys(), service.time(), meters))
                .toList();
        return new RateLimits(
                rules, settings.trustedProxies().stream().map(Network::of).toList());
    }

    private static Counted counted(String name, Rule rule, int maxKeys, Time time, MeterRegistry meters) {
        // Not the clock: one that is set back would refuse everybody until it is there again.
        var passing = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return time.nanoTime();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
        // A bucket that was left alone for that long is full again, as a new one is. Milliseconds, because arithmetic
        // of
        // durations loads big numbers, which is noticed at the start.
        var full = Duration.ofMillis(rule.per().toMillis() * Math.ceilDiv(rule.capacity(), rule.requests()) + 1);
        LoadingCache<String, Bucket> buckets = Caffeine.newBuilder()
                .maximumSize(maxKeys)
                .expireAfterAccess(full.plus(full))
                .build(key -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(rule.capacity()).refillGreedy(rule.requests(), rule.per()))
                        .withCustomTimePrecision(passing)
                        .build());
        var refused = Counter.builder("rate.limit.refused")
                .description("Calls over the limit of a rule")
                .tag("rule", name)
                .register(meters);
        var policy = "\"%s\";q=%s;w=%s"
                .formatted(name, rule.requests(), Math.max(1, rule.per().toSeconds()));
        return new Counted(name, rule, policy, buckets, refused);
    }

    /// The address of the client behind the proxies that are trusted: the last one in `X-Forwarded-For` that is not
    /// theirs. What the client itself wrote there stands further left and is not believed.
    ///
    /// Some proxies write ports, brackets and quotes (`203.0.113.7:5060`, `[2001:db8::1]:443`): they do not count, and
    /// however an address is written it is one. Where a proxy does not say whom it serves, it is the client.
    ///
    /// @param peer the address that is connected
    /// @param forwardedFor the values of the header, in their order
    public String client(String peer, List<String> forwardedFor) {
        if (trustedProxies.isEmpty() || forwardedFor.isEmpty()) {
            return peer;
        }
        var client = parse(peer);
        for (var hop : List.of(String.join(",", forwardedFor).split(",")).reversed()) {
            if (client.filter(this::isTrusted).isEmpty()) {
                break;
            }
            var next = parse(bare(hop));
            if (next.isEmpty()) {
                break;
            }
            client = next;
        }
        return client.map(InetAddress::getHostAddress).orElse(peer);
    }

    private boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }

    /// Without what may stand around an address.
    private static String bare(String hop) {
        var match = HOP.matcher(hop);
        if (!match.matches()) {
            return hop.strip();
        }
        return match.group(1) == null ? match.group(2) : match.group(1);
    }

    private static Optional<InetAddress> parse(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Counts a call by its address, before anybody looks at its token.
    ///
    /// @param address of the client; a call without one (a local socket) is not counted
    public Decision arrive(String address) {
        var decision = Decision.UNLIMITED;
        for (var counted : rules) {
            if (counted.rule().by() == By.ADDRESS && !address.isEmpty() && isAllowed(decision)) {
                decision = take(counted, network(address), 1, decision);
            }
        }
        return decision;
    }

    /// Counts a call, once it is known who calls.
    ///
    /// @param address of the client, for those who are not signed in
    /// @param cost how many calls it counts for
    public Decision take(String operation, Caller caller, String address, long cost) {
        var decision = Decision.UNLIMITED;
        for (var counted : rules) {
            if (isAllowed(decision) && counted.isAbout(operation)) {
                var key = key(counted.rule().by(), operation, caller, address);
                if (key.isPresent()) {
                    decision = take(counted, key.get(), cost, decision);
                }
            }
        }
        return decision;
    }

    private static boolean isAllowed(Decision decision) {
        return decision.retryAfter().isEmpty();
    }

    static Optional<String> key(By by, String operation, Caller caller, String address) {
        return switch (by) {
            case ADDRESS -> Optional.empty();
            case OPERATION -> Optional.of(operation);
            case CALLER ->
                switch (caller) {
                    case Caller.Anonymous() -> Optional.of("address " + network(address));
                    case Caller.Authenticated known -> Optional.of("caller " + known.id());
                    case Caller.Service part -> Optional.of("caller " + part.id());
                };
            case TENANT -> caller.tenant();
        };
    }

    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        return parse(address)
                .map(known -> HexFormat.of().formatHex(Network.prefix(known.getAddress(), 64)))
                .orElse(address);
    }

    /// What a rule remembers of a key. Callers and tenants are called what they please, and many are remembered: a long
    /// name stands as its hash, which is too long to be a name that stands as it is.
    static String bounded(String key) {
        if (key.length() <= LONGEST_KEY) {
            return key;
        }
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "sha256 " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Decision take(Counted counted, String key, long cost, Decision before) {
        var probe = counted.buckets()
                .get(bounded(key))
                .tryConsumeAndReturnRemaining(Math.min(cost, counted.rule().capacity()));
        var budget = new Budget(
                counted.name(),
                counted.policy(),
                probe.getRemainingTokens(),
                roundedUp(probe.getNanosToWaitForReset()));
        if (!probe.isConsumed()) {
            counted.refused().increment();
            var wait = roundedUp(probe.getNanosToWaitForRefill());
            return new Decision(Optional.of(budget.until(wait)), Optional.of(wait));
        }
        var tightest = before.budget()
                .filter(other -> other.remaining() <= budget.remaining())
                .orElse(budget);
        return new Decision(Optional.of(tightest), Optional.empty());
    }

    private static Duration roundedUp(long nanos) {
        return Duration.ofSeconds(Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
    }
}
