package dev.slipway.cli;

import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "token",
        description = "Prints a token that a service in development accepts, and no other.",
        sortOptions = false)
final class TokenCommand implements Action {

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Map<String, TimeUnit> UNITS =
            Map.of("s", TimeUnit.SECONDS, "m", TimeUnit.MINUTES, "h", TimeUnit.HOURS, "d", TimeUnit.DAYS);
    private static final Duration LONGEST = Duration.ofDays(30);

    @Option(names = "--subject", paramLabel = "SUBJECT", description = "Who; developer unless given.")
    private String subject = "developer";

    @Option(names = "--roles", split = ",", paramLabel = "ROLE", description = "In which roles; none unless given.")
    private List<String> roles = List.of();

    @Option(names = "--tenant", paramLabel = "TENANT", description = "For which tenant; none unless given.")
    private @Nullable String tenant;

    @Option(names = "--ttl", paramLabel = "TTL", description = "For how long, such as 15m, 1h or 7d; 1h unless given.")
    private String ttl = "1h";

    @Option(names = "--audience", paramLabel = "AUDIENCE", description = "For whom; slipway unless given.")
    private String audience = "slipway";

    private final Shell shell;

    TokenCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Answer run(Narration narration) {
        if (subject.isBlank()) {
            throw refused("The subject is empty", "Give --subject whom the token is for, or leave it out");
        }
        long now = shell.clock().instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", DevelopmentKey.ISSUER);
        claims.put("aud", audience);
        claims.put("sub", subject);
        claims.put("roles", roles);
        if (tenant != null) {
            claims.put("tenant", tenant);
        }
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + lifetime().toSeconds());
        claims.put(
                "jti",
                Long.toHexString(shell.random().nextLong())
                        + Long.toHexString(shell.random().nextLong()));
        String token = DevelopmentKey.load().sign(claims);
        return Answer.ok(token, Map.of("token", token, "claims", claims));
    }

    private Duration lifetime() {
        Matcher given = DURATION.matcher(ttl);
        if (given.matches()) {
            var unit = UNITS.get(given.group(2));
            var lifetime =
                    unit == null ? Duration.ZERO : Duration.of(Long.parseLong(given.group(1)), unit.toChronoUnit());
            if (lifetime.isPositive() && lifetime.compareTo(LONGEST) <= 0) {
                return lifetime;
            }
        }
        throw refused("'" + ttl + "' is not a time to live", "Write it like 15m, 1h or 7d, at most 30d");
    }

    private static GenerationException refused(String what, String fix) {
        return new GenerationException(GenerationException.Cause.REQUEST, List.of(new Problem(what, fix)));
    }
}
