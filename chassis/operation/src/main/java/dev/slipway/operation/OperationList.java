package dev.slipway.operation;

import com.sun.net.httpserver.HttpExchange;
import dev.slipway.security.Policy;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The operations of a service as JSON: who may call them, and what they do to its data.
final class OperationList {

    /// One operation.
    ///
    /// @param effect `reads`, `changes` or `streams`
    /// @param allowed the policy in a few words
    /// @param policy the same as data: an object with one field, named by the kind of policy
    /// @param isolation of the transaction of an operation that changes something
    private record Listed(
            String operation,
            String about,
            String effect,
            String allowed,
            Map<String, ?> policy,
            List<String> parameters,
            boolean idempotent,
            boolean conditional,
            String isolation,
            int attempts,
            List<String> refusals) {}

    private OperationList() {}

    static void serve(HttpExchange exchange, Collection<Description<?, ?>> operations, Json json) throws IOException {
        var body = json.write(operations.stream().map(OperationList::listed).toList());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        var head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : body.length);
        try (exchange) {
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Listed listed(Description<?, ?> description) {
        var policy = description.policy().orElseThrow();
        var transaction = description.traits().transaction();
        return new Listed(
                description.name(),
                description.about(),
                slug(description.effect()),
                policy.description(),
                data(policy),
                description.parameters().stream().map(Parameter::name).toList(),
                description.idempotent(),
                description.conditional(),
                description.effect() == Description.Effect.CHANGES ? slug(transaction.isolation()) : "none",
                transaction.attempts(),
                description.refusals().stream()
                        .map(Description.KnownProblem::code)
                        .toList());
    }

    private static String slug(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Map<String, ?> data(Policy policy) {
        return switch (policy) {
            case Policy.Anyone() -> Map.of("anyone", true);
            case Policy.Known() -> Map.of("authenticated", true);
            case Policy.AnyRole(var roles) -> Map.of("role", roles);
            case Policy.Permission(var permission) -> Map.of("permission", permission);
            case Policy.Subject(var parameter) -> Map.of("own", parameter);
            case Policy.Tenant(var parameter) -> Map.of("tenant", parameter);
            case Policy.Service(var name) -> Map.of("service", name);
            case Policy.Either(var policies) ->
                Map.of("any", policies.stream().map(OperationList::data).toList());
            case Policy.All(var policies) ->
                Map.of("all", policies.stream().map(OperationList::data).toList());
        };
    }
}
