package dev.slipway.bench;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.Graph;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import dev.slipway.security.TokenSettings;
import dev.slipway.security.Tokens;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;

/// A service with one subscription, which says once that it has begun, and then nothing.
public final class IdleService extends ServiceDefinition<IdleService.Settings> {

    /// The sections of its settings.
    public record Settings(TokenSettings tokens, GraphQlSettings graphql, HttpSettings http) {}

    public IdleService() {
        super("idle-service", Settings.class);
    }

    public static void main(String[] arguments) {
        Slipway.run(new IdleService(), arguments);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = new SimpleMeterRegistry();
        var operations = Operations.open(service, Tokens.open(service, settings.tokens(), meters));
        var graph = Graph.schema(IdleService.class, "idle.graphqls")
                .query("alive", alive())
                .subscription("idle", idle());
        var host = ProtocolHost.of(service, meters, operations);
        var graphql = GraphQl.open(host, settings.graphql()).graph(graph);
        Rest.open(host, settings.http()).mount(graphql::mount);
    }

    private static Operation<Nothing, Boolean> alive() {
        return Operation.named("alive", "A schema needs a query")
                .policy(Policy.anyone())
                .output(Boolean.class)
                .read(call -> Outcome.done(true));
    }

    private static Streaming<Nothing, Boolean> idle() {
        return Streaming.named("idle", "Says that it has begun, and then nothing")
                .policy(Policy.authenticated())
                .output(Boolean.class)
                .handle((call, out) -> {
                    out.send(true);
                    new CountDownLatch(1).await();
                });
    }
}
