package dev.slipway.security;

import dev.slipway.core.DataSize;
import dev.slipway.core.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whose tokens are accepted, and how carefully.
///
/// @param issuers the service's data speaks of the subjects of the first one, and of the development key's; subjects of
///     the others are known as `issuer#subject`. May be empty in development and tests only, where the development key
///     is accepted as well
/// @param cacheFor how long a verified token is not verified again; never past its expiry or a change of the keys
/// @param cacheSize how much memory the verified tokens may take, with the roles and permissions that they brought
/// @param keysOutage how long keys are used that could not be fetched anew
/// @param rolePermissions permissions that a role brings along, besides those named in the token
public record TokenSettings(
        @Setting(about = "Who issues tokens") List<Issuer> issuers,

        @Setting(about = "How far the issuer's clock may differ", byDefault = "30s", most = "10m")
        Duration clockSkew,

        @Setting(about = "Size of the largest token", byDefault = "8KB", least = "256B", most = "64KB")
        DataSize maxSize,

        @Setting(about = "How long a verified token is not verified again", byDefault = "5m", most = "5m")
        Duration cacheFor,

        @Setting(about = "Memory for verified tokens", byDefault = "8MB")
        DataSize cacheSize,

        @Setting(about = "How often the issuers' keys are fetched", byDefault = "5m", least = "1ms")
        Duration keysRefresh,

        @Setting(about = "How long keys are used that could not be fetched anew", byDefault = "12h", least = "1ms")
        Duration keysOutage,

        @Setting(about = "Permissions by role, added to those in the token")
        Map<String, List<String>> rolePermissions) {

    /// One issuer of tokens, with its keys as a JWK set (RFC 7517) from a URL or a file.
    ///
    /// @param issuer the claim `iss`, compared character by character
    /// @param audience the claim `aud` must name one of these
    /// @param types the accepted values of the header `typ`; RFC 9068 asks for `at+jwt`
    public record Issuer(
            @Setting(about = "The claim iss of its tokens") String issuer,
            @Setting(about = "Where its JWK set is fetched") Optional<URI> jwksUrl,

            @Setting(about = "The file that holds its JWK set")
            Optional<Path> jwksFile,

            @Setting(about = "The claim aud must name one of these")
            List<String> audience,

            @Setting(about = "Accepted algorithms", byDefault = "eddsa,es256,rs256")
            Set<Algorithm> algorithms,

            @Setting(about = "Accepted values of the header typ", byDefault = "at+jwt")
            Set<String> types) {

        public Issuer {
            if (issuer.isBlank()) {
                throw new IllegalArgumentException("issuer must not be blank");
            }
            if (issuer.indexOf('#') >= 0) {
                throw new IllegalArgumentException("issuer must not contain #: " + issuer);
            }
            if (jwksUrl.isPresent() == jwksFile.isPresent()) {
                throw new IllegalArgumentException("either jwks-url or jwks-file must be set, for " + issuer);
            }
            audience = List.copyOf(audience);
            algorithms = Set.copyOf(algorithms);
            types = Set.copyOf(types);
            if (audience.isEmpty() || algorithms.isEmpty() || types.isEmpty()) {
                throw new IllegalArgumentException("audience, algorithms and types must not be empty, for " + issuer);
            }
        }
    }

    public TokenSettings {
        issuers = List.copyOf(issuers);
        if (issuers.stream().map(Issuer::issuer).distinct().count() < issuers.size()) {
            throw new IllegalArgumentException("issuers must not name one issuer twice");
        }
        rolePermissions = rolePermissions.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    /// The defaults with these issuers; with none, only the development key is accepted, and only in development and
    /// tests.
    public static TokenSettings of(Issuer... issuers) {
        return new TokenSettings(
                List.of(issuers),
                Duration.ofSeconds(30),
                new DataSize(8 * 1024),
                Duration.ofMinutes(5),
                new DataSize(8 * 1024 * 1024),
                Duration.ofMinutes(5),
                Duration.ofHours(12),
                Map.of());
    }
}
