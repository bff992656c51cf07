package dev.slipway.testing.rewards;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.core.Assembly;
import dev.slipway.core.Problem;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.operation.Call;
import dev.slipway.operation.Cursor;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.operation.Parameter;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.security.Policy;
import dev.slipway.security.TokenSettings;
import dev.slipway.security.Tokens;
import dev.slipway.telemetry.Telemetry;
import dev.slipway.telemetry.TelemetrySettings;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import dev.slipway.web.Route;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps rewards and badges in memory, and has the fault that a test asks for.
public final class RewardApp extends ServiceDefinition<RewardApp.Settings> {
    private static final Parameter<UUID> ID = Parameter.uuid("id", "Which one");
    private static final Problem MISSING = Problem.notFound("There is none.");

    private final Map<UUID, Reward> rewards = new ConcurrentSkipListMap<>();
    private final Map<UUID, Badge> badges = new ConcurrentSkipListMap<>();
    private final Fault fault;

    /// What a service may do wrong.
    public enum Fault {
        NONE,
        EVERYBODY_WRITES,
        NOBODY_READS,
        VERSIONS_DO_NOT_COUNT,
        A_CHANGE_LOSES_A_FIELD,
        PAGES_OVERLAP,
        AN_ORDER_IS_WRONG,
        A_SEARCH_TAKES_PATTERNS,
        WHAT_IS_DELETED_STAYS
    }

    public record Settings(TelemetrySettings telemetry, TokenSettings tokens, HttpSettings http) {}

    public record Reward(UUID id, String name, String about, long version) {}

    record RewardInput(
            @NotBlank @Size(max = 100) String name,
            @NotBlank @Size(max = 100) String about) {}

    public record Badge(UUID id, String name, long version) {}

    record BadgeInput(@NotBlank @Size(max = 100) String name) {}

    enum Sort {
        @JsonProperty("name")
        NAME,
        @JsonProperty("-name")
        NAME_DESCENDING
    }

    record RewardQuery(
            @Size(max = 100) @Nullable String search,
            @Nullable Sort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {}

    public RewardApp(Fault fault) {
        super("reward-service", Settings.class);
        this.fault = fault;
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var tokens = Tokens.open(service, settings.tokens(), meters);
        var kept = new InMemoryIdempotency(service.clock());
        var operations = Operations.open(service, tokens).transactions(kept).idempotency(kept, Duration.ofHours(1));
        Rest.open(ProtocolHost.of(service, meters, operations), settings.http())
                .routes(
                        Route.post("/rewards", create()).created(reward -> "/v1/rewards/" + reward.id()),
                        Route.get("/rewards/{id}", read()),
                        Route.get("/rewards", list()),
                        Route.put("/rewards/{id}", change()),
                        Route.delete("/rewards/{id}", delete()),
                        Route.post("/badges", createBadge()).created(badge -> "/v1/badges/" + badge.id()),
                        Route.get("/badges/{id}", readBadge()));
    }

    private boolean has(Fault one) {
        return fault == one;
    }

    private Operation<RewardInput, Reward> create() {
        return Operation.named("createReward", "Creates a reward")
                .input(RewardInput.class)
                .policy(has(Fault.EVERYBODY_WRITES) ? Policy.authenticated() : Policy.role("admin"))
                .idempotent()
                .output(Reward.class)
                .handle(call -> {
                    var reward = new Reward(
                            UUID.randomUUID(), call.input().name(), call.input().about(), 1);
                    rewards.put(reward.id(), reward);
                    return Outcome.done(reward).version(1);
                });
    }

    private Operation<Nothing, Reward> read() {
        return Operation.named("readReward", "Reads a reward")
                .on(ID)
                .policy(has(Fault.NOBODY_READS) ? Policy.role("admin") : Policy.authenticated())
                .output(Reward.class)
                .refuses(MISSING)
                .read(call -> Outcome.found(Optional.ofNullable(rewards.get(call.get(ID))), Reward::version, MISSING));
    }

    private Operation<RewardInput, Reward> change() {
        return Operation.named("changeReward", "Changes a reward")
                .on(ID)
                .input(RewardInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .output(Reward.class)
                .refuses(MISSING)
                .handle(call -> ifCurrent(call, old -> {
                    var about = has(Fault.A_CHANGE_LOSES_A_FIELD)
                            ? old.about()
                            : call.input().about();
                    var reward = new Reward(old.id(), call.input().name(), about, old.version() + 1);
                    rewards.put(reward.id(), reward);
                    return Outcome.done(reward).version(reward.version());
                }));
    }

    private <O> Outcome<O> ifCurrent(Call<?> call, Function<Reward, Outcome<O>> work) {
        var old = rewards.get(call.get(ID));
        if (old == null) {
            return Outcome.refused(MISSING);
        }
        return isStale(call, old) ? Outcome.refused(Problem.stale()) : work.apply(old);
    }

    private boolean isStale(Call<?> call, Reward reward) {
        return !has(Fault.VERSIONS_DO_NOT_COUNT) && call.expectedVersion().orElse(reward.version()) != reward.version();
    }

    private Operation<Nothing, Nothing> delete() {
        return Operation.named("deleteReward", "Deletes a reward")
                .on(ID)
                .policy(Policy.role("admin"))
                .conditional()
                .refuses(MISSING)
                .handle(call -> ifCurrent(call, old -> {
                    if (!has(Fault.WHAT_IS_DELETED_STAYS)) {
                        rewards.remove(old.id());
                    }
                    return Outcome.done();
                }));
    }

    private Operation<RewardQuery, Page<Reward>> list() {
        return Operation.named("listRewards", "Lists rewards")
                .input(RewardQuery.class)
                .policy(Policy.authenticated())
                .pageOf(Reward.class)
                .read(call -> {
                    var query = call.input();
                    var limit = query.limit() == null ? 20 : query.limit();
                    var after = Cursor.decode(query.cursor(), "place", List.of(Integer::valueOf))
                            .map(cursor -> (int) cursor.values().getFirst())
                            .orElse(0);
                    var ascending = Comparator.comparing(Reward::name);
                    var found = rewards.values().stream()
                            .filter(reward -> query.search() == null || matches(reward.name(), query.search()))
                            .sorted(
                                    query.sort() == Sort.NAME_DESCENDING && !has(Fault.AN_ORDER_IS_WRONG)
                                            ? ascending.reversed()
                                            : ascending)
                            .skip(after)
                            .limit(limit + 1L)
                            .toList();
                    var next = after + limit - (has(Fault.PAGES_OVERLAP) ? 1 : 0);
                    return Outcome.done(Page.of(found, limit, last -> Cursor.of("place", next)));
                });
    }

    private Operation<BadgeInput, Badge> createBadge() {
        return Operation.named("createBadge", "Creates a badge")
                .input(BadgeInput.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Badge.class)
                .handle(call -> {
                    var badge = new Badge(UUID.randomUUID(), call.input().name(), 1);
                    badges.put(badge.id(), badge);
                    return Outcome.done(badge).version(1);
                });
    }

    private Operation<Nothing, Badge> readBadge() {
        return Operation.named("readBadge", "Reads a badge")
                .on(ID)
                .policy(Policy.authenticated())
                .output(Badge.class)
                .refuses(MISSING)
                .read(call -> Outcome.found(Optional.ofNullable(badges.get(call.get(ID))), Badge::version, MISSING));
    }

    private boolean matches(String name, String search) {
        return has(Fault.A_SEARCH_TAKES_PATTERNS)
                ? name.replace('1', '_').contains(search.replace('%', 'u').replace('_', 'u'))
                : name.contains(search);
    }
}
