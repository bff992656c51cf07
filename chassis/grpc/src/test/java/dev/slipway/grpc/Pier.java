package dev.slipway.grpc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Component;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.Graph;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.operation.Call;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.operation.Items;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import dev.slipway.web.Route;
import dev.slipway.web.StreamRoute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// A service that speaks all protocols, to be run as a process of its own. What it is asked to unload it has unloaded only
/// when it stops. When all its parts have been told to end their intake it says `told`, and goes on when its input says
/// something or ends.
final class Pier extends ServiceDefinition<Pier.Settings> {
    record Settings(GraphQlSettings graphql, HttpSettings http, GrpcSettings grpc) {}

    record Crate(int tons) {}

    private final Harbour.Ledger ledger = new Harbour.Ledger();

    Pier() {
        super("pier", Settings.class);
    }

    public static void main(String[] arguments) {
        // Nobody reads the rest, which would fill the pipe.
        level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.OFF);
        level("hint", Level.INFO);
        Slipway.run(new Pier(), arguments);
    }

    private static void level(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = new SimpleMeterRegistry();
        // Wired first, it is told last.
        service.component("last", new Last());
        var kept = new InMemoryIdempotency(service.clock());
        var operations = Operations.open(service, authorization -> new Caller.Anonymous())
                .transactions(kept)
                .idempotency(kept, Duration.ofHours(1));
        var unload = Operation.named("unload", "Unloads.")
                .output(Crate.class)
                .policy(Policy.anyone())
                .handle(this::unload);
        var waves = Streaming.named("watchWaves", "Tells of each wave.")
                .output(Crate.class)
                .policy(Policy.anyone())
                .handle((call, out) -> {
                    out.send(new Crate(1));
                    new CountDownLatch(1).await();
                });
        var load = Streaming.named("load", "Loads.")
                .items(Crate.class)
                .output(Crate.class)
                .policy(Policy.anyone())
                .handle((Call<Items<Crate>> call, dev.slipway.operation.Emitter<Crate> out) -> {
                    for (var next = call.input().next();
                            next.isPresent();
                            next = call.input().next()) {
                        out.send(next.get());
                        unload(null);
                    }
                });
        var host = ProtocolHost.of(service, meters, operations);
        var graphql = GraphQl.open(host, settings.graphql())
                .graph(Graph.schema(Pier.class, "pier.graphqls")
                        .query(
                                "depth",
                                Operation.named("depth", "How deep it is.")
                                        .output(String.class)
                                        .policy(Policy.anyone())
                                        .read(call -> Outcome.done("deep")))
                        .mutation("unload", unload, (input, done) -> "unloaded")
                        .subscription("waves", waves, wave -> "wave"));
        Rest.open(host, settings.http())
                .mount(graphql::mount)
                .routes(
                        Route.post("/unload", unload),
                        StreamRoute.events("/waves", waves),
                        StreamRoute.lines("/load", load));
        Grpc.open(host, settings.grpc()).services(Harbour.ships(ledger));
    }

    private Outcome<Crate> unload(@org.jspecify.annotations.Nullable Call<Nothing> call) throws InterruptedException {
        System.out.println("begun");
        ledger.go.await();
        return Outcome.done(new Crate(1));
    }

    private final class Last implements Component {
        @Override
        public void start() {
            Thread.ofVirtual().start(() -> {
                try {
                    ledger.started.await();
                    System.out.println("blocks");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        /// It returns late, which no other part may do: nothing is waited for and nothing closes before.
        @Override
        public void endIntake() {
            ledger.go.countDown();
            System.out.println("told");
            try {
                System.in.read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }
}
