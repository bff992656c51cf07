package dev.slipway.testing.tags;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.PostgresSettings;
import dev.slipway.security.Policy;
import dev.slipway.security.TokenSettings;
import dev.slipway.security.Tokens;
import dev.slipway.telemetry.Telemetry;
import dev.slipway.telemetry.TelemetrySettings;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import dev.slipway.web.Route;
import java.util.List;

/// Keeps tags, which anybody may read.
public final class TagApp extends ServiceDefinition<TagApp.Settings> {

    public record Settings(
            TelemetrySettings telemetry, TokenSettings tokens, PostgresSettings postgres, HttpSettings http) {}

    record Tag(String name) {}

    record Tags(List<String> names) {
        Tags {
            names = List.copyOf(names);
        }
    }

    public TagApp() {
        super("tag-service", Settings.class);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var tokens = Tokens.open(service, settings.tokens(), meters);
        var database = Database.open(service, settings.postgres(), meters, TagApp.class);
        var create = Operation.named("createTag", "Creates a tag")
                .input(Tag.class)
                .policy(Policy.authenticated())
                .output(Tag.class)
                .handle(call -> {
                    database.write(sql -> sql.update("insert into tags values (:name)")
                            .bind("name", call.input().name())
                            .run());
                    return Outcome.done(call.input());
                });
        var list = Operation.named("listTags", "Lists the tags")
                .policy(Policy.anyone())
                .output(Tags.class)
                .read(call ->
                        Outcome.done(new Tags(database.read(sql -> sql.query("select name from tags order by name")
                                .map(row -> row.text("name"))
                                .list()))));
        Rest.open(ProtocolHost.of(service, meters, Operations.open(service, tokens)), settings.http())
                .routes(Route.post("/tags", create).created(tag -> "/v1/tags/" + tag.name()), Route.get("/tags", list));
    }
}
