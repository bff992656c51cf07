package dev.slipway.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Health;
import dev.slipway.core.Problem;
import dev.slipway.security.TokenFault.InvalidTokenException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies bearer tokens: signed JWTs (RFC 7519, RFC 8725, RFC 9068).
///
/// A verified token is remembered for a while, because its signature costs a hundred times as much as the look-up; a
/// refused one never is. Metrics: `security.tokens.refused` by reason, `security.keys.fetches` by issuer and outcome.
public final class Tokens implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger("security");

    private static final String DEVELOPMENT_ISSUER = "slipway-development";
    private static final String SCHEME = "Bearer ";
    /// Of an entry of the cache, its records and its empty sets.
    private static final int ENTRY_BYTES = 512;

    /// Of a short text in a set: the object, its array, and its places in the set's table.
    private static final int TEXT_BYTES = 64;

    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    /// An issuer with its keys.
    ///
    /// @param isOwn whether the service's data speaks of its subjects
    private record Trusted(
            String name,
            boolean isOwn,
            Set<String> audience,
            Set<Algorithm> algorithms,
            Set<String> types,
            KeySource keys) {}

    /// A caller, and what must still hold for the token to be good.
    ///
    /// @param end seconds since 1970
    private record Verified(Caller.Authenticated caller, long end, KeySource source, KeySet keys) {
        boolean holds(long now) {
            return now < end
                    && source.current().filter(current -> current == keys).isPresent();
        }
    }

    private final Map<String, Trusted> issuers;
    private final TokenSettings settings;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Cache<String, Verified> verified;
    private final AtomicLong nextReport = new AtomicLong();
    private final Caller anonymous = new Caller.Anonymous();

    private Tokens(Map<String, Trusted> issuers, TokenSettings settings, MeterRegistry meters, Clock clock) {
        this.issuers = Map.copyOf(issuers);
        this.settings = settings;
        this.meters = meters;
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumWeight(settings.cacheSize().bytes())
                .weigher((String value, Verified token) -> weight(value, token))
                .expireAfterWrite(settings.cacheFor())
                .ticker(() -> Duration.ofMillis(clock.millis()).toNanos())
                .executor(Runnable::run)
                .build();
    }

    /// About the bytes that a token takes with the caller that it became: a text of one letter costs many times that.
    private static int weight(String value, Verified token) {
        var caller = token.caller();
        var texts = caller.id().length()
                + caller.subject().length()
                + caller.tenant().map(String::length).orElse(0)
                + weight(caller.roles())
                + weight(caller.permissions());
        return ENTRY_BYTES + value.length() + texts;
    }

    private static int weight(Set<String> texts) {
        return texts.stream().mapToInt(text -> TEXT_BYTES + text.length()).sum();
    }

    /// How many tokens are remembered.
    long remembered() {
        verified.cleanUp();
        return verified.estimatedSize();
    }

    /// An authenticator for a service. In development and tests it accepts the tokens of `slipway token` too.
    ///
    /// Refuses the start of a service that nobody could call, or anybody: without an issuer, with an issuer whose keys
    /// cannot be used, or with the development key in production.
    public static Authenticator open(Assembly service, TokenSettings settings, MeterRegistry meters) {
        var developmentAids = service.environment().allowsDevelopmentAids();
        var developmentKeys = developmentKeys();
        var refusedKey = developmentAids
                ? Optional.<String>empty()
                : developmentKeys.thumbprints().values().stream().findFirst();
        var issuers = new LinkedHashMap<String, Trusted>();
        var fetched = new ArrayList<FetchedKeys>();
        if (developmentAids) {
            issuers.put(
                    DEVELOPMENT_ISSUER,
                    new Trusted(
                            DEVELOPMENT_ISSUER,
                            true,
                            Set.of("slipway"),
                            Set.of(Algorithm.EDDSA),
                            Set.of("at+jwt"),
                            new KeySource.Fixed(Optional.of(developmentKeys))));
        } else if (settings.issuers().isEmpty()) {
            service.refuse("tokens.issuers: nobody issues tokens for this service; set issuer, audience and jwks-url of"
                    + " one (or service.environment=development, where tokens of \"slipway token\" are accepted)");
        }
        for (var issuer : settings.issuers()) {
            if (issuer.issuer().equals(DEVELOPMENT_ISSUER)) {
                service.refuse("tokens.issuers: \"" + DEVELOPMENT_ISSUER + "\" is the issuer of development tokens");
                continue;
            }
            var keys = issuer.jwksUrl().isPresent()
                    ? remote(service, issuer.issuer(), issuer.jwksUrl().get(), settings, refusedKey, meters)
                    : new KeySource.Fixed(fromFile(service, issuer.jwksFile().orElseThrow(), refusedKey));
            if (keys instanceof FetchedKeys remote) {
                fetched.add(remote);
                service.component("keys of " + issuer.issuer(), remote);
            }
            issuers.put(
                    issuer.issuer(),
                    new Trusted(
                            issuer.issuer(),
                            issuer.equals(settings.issuers().getFirst()),
                            Set.copyOf(issuer.audience()),
                            issuer.algorithms(),
                            normal(issuer.types()),
                            keys));
        }
        if (!fetched.isEmpty()) {
            service.health("tokens", () -> health(fetched));
        }
        return new Tokens(issuers, settings, meters, service.clock());
    }

    @Override
    public Caller authenticate(List<String> authorization) {
        if (authorization.isEmpty()) {
            return anonymous;
        }
        var value = authorization.getFirst();
        var now = clock.millis() / 1000;
        try {
            if (authorization.size() > 1) {
                throw TokenFault.SEVERAL_HEADERS.asException();
            }
            if (value.length() > settings.maxSize().bytes()) {
                throw TokenFault.TOO_LARGE.asException();
            }
            var remembered = verified.getIfPresent(value);
            if (remembered != null && remembered.holds(now)) {
                return remembered.caller();
            }
            var token = verify(value, now);
            verified.put(value, token);
            return token.caller();
        } catch (InvalidTokenException e) {
            report(e.fault());
            throw Problem.of(Problem.Kind.UNAUTHENTICATED, "invalid-token", "The access token is not valid.")
                    .asException();
        }
    }

    /// Cheap checks first: the signature comes last, and a key is looked for only if all else is right.
    private Verified verify(String value, long now) throws InvalidTokenException {
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw TokenFault.NOT_BEARER.asException();
        }
        var token = SignedToken.parse(value.substring(SCHEME.length()));
        var issuer = issuers.get(token.string("iss").orElse(""));
        if (issuer == null) {
            throw TokenFault.UNKNOWN_ISSUER.asException();
        }
        var type = token.header().getType();
        require(type != null && issuer.types().contains(normal(type.getType())), TokenFault.WRONG_TYPE);
        require(!Collections.disjoint(issuer.audience(), token.audience()), TokenFault.WRONG_AUDIENCE);
        var subject = token.string("sub").orElse("");
        require(!subject.isBlank(), TokenFault.NO_SUBJECT);
        var skew = settings.clockSkew().toSeconds();
        var end = token.seconds("exp").orElse(0L);
        require(now - skew < end, TokenFault.EXPIRED);
        require(token.seconds("nbf").orElse(0L) <= now + skew, TokenFault.NOT_YET_VALID);
        return new Verified(caller(token, issuer, subject), end, issuer.keys(), keysThatSigned(token, issuer));
    }

    private static KeySet keysThatSigned(SignedToken token, Trusted issuer) throws InvalidTokenException {
        var algorithm = token.header().getAlgorithm().getName();
        require(
                issuer.algorithms().stream()
                        .anyMatch(allowed -> allowed.header().equals(algorithm)),
                TokenFault.WRONG_ALGORITHM);
        var id = token.header().getKeyID();
        if (id == null) {
            throw TokenFault.UNKNOWN_KEY.asException();
        }
        var keys = issuer.keys()
                .lookingFor(id)
                .orElseThrow(() -> Problem.of(
                                Problem.Kind.UNAVAILABLE,
                                "keys-unavailable",
                                "Access tokens cannot be checked at the moment.")
                        .retryAfter(FetchedKeys.LEAST_INTERVAL)
                        .asException());
        var key = keys.keys().get(id);
        if (key == null) {
            throw TokenFault.UNKNOWN_KEY.asException();
        }
        require(key.algorithm().header().equals(algorithm), TokenFault.WRONG_ALGORITHM);
        require(token.isSignedBy(key.verifier()), TokenFault.WRONG_SIGNATURE);
        return keys;
    }

    private Caller.Authenticated caller(SignedToken token, Trusted issuer, String subject)
            throws InvalidTokenException {
        var roles = token.strings("roles");
        var permissions = token.strings("permissions");
        roles.forEach(role -> permissions.addAll(settings.rolePermissions().getOrDefault(role, List.of())));
        return new Caller.Authenticated(
                Caller.id(issuer.name(), subject, issuer.isOwn()),
                issuer.name(),
                subject,
                token.string("tenant"),
                roles,
                permissions);
    }

    private static void require(boolean condition, TokenFault otherwise) throws InvalidTokenException {
        if (!condition) {
            throw otherwise.asException();
        }
    }

    /// One line in a while, so that a flood of bad tokens does not become a flood of log lines.
    private void report(TokenFault fault) {
        meters.counter("security.tokens.refused", "reason", fault.slug()).increment();
        var now = clock.millis();
        var due = nextReport.get();
        if (now >= due && nextReport.compareAndSet(due, now + REPORT_INTERVAL.toMillis())) {
            LOG.info("A token was refused: {} (one of these lines in {} s)", fault.slug(), REPORT_INTERVAL.toSeconds());
        }
    }

    private static KeySource remote(
            Assembly service,
            String issuer,
            URI url,
            TokenSettings settings,
            Optional<String> refusedKey,
            MeterRegistry meters) {
        var scheme = String.valueOf(url.getScheme());
        if (!scheme.equals("https") && !(scheme.equals("http") && mayBePlain(service, String.valueOf(url.getHost())))) {
            service.refuse("tokens.issuers: jwks-url of " + issuer + " must begin with https://");
        }
        return new FetchedKeys(
                url,
                settings,
                refusedKey,
                service.time(),
                ok -> meters.counter("security.keys.fetches", "issuer", issuer, "outcome", ok ? "ok" : "failed")
                        .increment());
    }

    private static boolean mayBePlain(Assembly service, String host) {
        return service.environment().allowsDevelopmentAids() || host.matches("localhost|127\\..*|\\[::1]");
    }

    private static Optional<KeySet> fromFile(Assembly service, Path file, Optional<String> refusedKey) {
        try {
            var keys = KeySet.parse(Files.readString(file), refusedKey);
            keys.refused().forEach(what -> service.refuse("tokens.issuers: " + file + " holds " + what));
            if (keys.keys().isEmpty() && keys.refused().isEmpty()) {
                service.refuse("tokens.issuers: " + file
                        + " holds no key of use: Ed25519, P-256 or RSA of 2048 bits and" + " more, each with a kid");
            }
            return Optional.of(keys);
        } catch (IOException e) {
            service.refuse("tokens.issuers: " + file + " cannot be read");
        } catch (ParseException e) {
            service.refuse("tokens.issuers: " + file + " is not a JWK set: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static KeySet developmentKeys() {
        try (var in = Tokens.class.getResourceAsStream("development-key.json")) {
            var key = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return KeySet.parse("{\"keys\":[" + key + "]}", Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new IllegalStateException("development-key.json is no JWK", e);
        }
    }

    private static Health health(List<FetchedKeys> sources) {
        var states = sources.stream().map(FetchedKeys::health).toList();
        var detail = states.stream().map(Health::detail).collect(Collectors.joining("; "));
        return states.stream().allMatch(Health.Up.class::isInstance) ? new Health.Up(detail) : new Health.Down(detail);
    }

    private static Set<String> normal(Set<String> types) {
        return types.stream().map(Tokens::normal).collect(Collectors.toUnmodifiableSet());
    }

    /// Media types are compared without case and without `application/` (RFC 7515, section 4.1.9).
    private static String normal(String type) {
        var lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
    }
}
