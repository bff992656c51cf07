package dev.slipway.testing.notes;

import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Idempotency;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.postgres.PostgresSettings;
import dev.slipway.security.Policy;
import dev.slipway.security.TokenSettings;
import dev.slipway.security.Tokens;
import dev.slipway.telemetry.Telemetry;
import dev.slipway.telemetry.TelemetrySettings;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import dev.slipway.web.Route;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Keeps notes. Names need not be unique, so that work that is done twice leaves two rows.
public final class NoteApp extends ServiceDefinition<NoteApp.Settings> {
    private final BiFunction<Assembly, Database, Idempotency> idempotency;

    public record Settings(
            TelemetrySettings telemetry, TokenSettings tokens, PostgresSettings postgres, HttpSettings http) {}

    public record Note(UUID id, String name, String text) {}

    record NoteInput(
            @NotBlank @Size(max = 100) String name,
            @NotBlank @Size(max = 100) String text) {}

    record NoteQuery(@Size(max = 100) @Nullable String name) {}

    record Notes(List<Note> items) {
        Notes {
            items = List.copyOf(items);
        }
    }

    record WhoAmI(String subject, List<String> roles, Instant at) {
        WhoAmI {
            roles = List.copyOf(roles);
        }
    }

    public NoteApp() {
        this((service, database) -> PostgresIdempotency.open(service, database));
    }

    /// For a test of another way to keep answers.
    public NoteApp(BiFunction<Assembly, Database, Idempotency> idempotency) {
        super("note-service", Settings.class);
        this.idempotency = idempotency;
    }

    public static void main(String[] args) {
        Slipway.run(new NoteApp(), args);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var tokens = Tokens.open(service, settings.tokens(), meters);
        var database = Database.open(service, settings.postgres(), meters, NoteApp.class);
        var operations = Operations.open(service, tokens)
                .transactions(database)
                .idempotency(idempotency.apply(service, database), Duration.ofHours(24));
        Rest.open(ProtocolHost.of(service, meters, operations), settings.http())
                .routes(
                        Route.post("/notes", create(database)).created(note -> "/v1/notes/" + note.id()),
                        Route.get("/notes", list(database)),
                        Route.get("/whoami", whoAmI(service)));
    }

    private static Operation<NoteInput, Note> create(Database database) {
        return Operation.named("createNote", "Creates a note")
                .input(NoteInput.class)
                .policy(Policy.role("writer"))
                .idempotent()
                .output(Note.class)
                .handle(call -> Outcome.done(database.write(
                        sql -> sql.query("insert into notes (name, text) values (:name, :text) returning *")
                                .bind("name", call.input().name())
                                .bind("text", call.input().text())
                                .map(row -> new Note(row.uuid("id"), row.text("name"), row.text("text")))
                                .one())));
    }

    private static Operation<NoteQuery, Notes> list(Database database) {
        return Operation.named("listNotes", "Lists the notes of a name")
                .input(NoteQuery.class)
                .policy(Policy.authenticated())
                .output(Notes.class)
                .read(call -> Outcome.done(new Notes(database.read(sql -> sql.query(
                                "select * from notes where name = coalesce(cast(:name as text), name) order by id")
                        .bind("name", call.input().name())
                        .map(row -> new Note(row.uuid("id"), row.text("name"), row.text("text")))
                        .list()))));
    }

    private static Operation<Nothing, WhoAmI> whoAmI(Assembly service) {
        return Operation.named("whoAmI", "Says who calls, and when")
                .policy(Policy.authenticated())
                .output(WhoAmI.class)
                .read(call -> switch (call.caller()) {
                    case Caller.Authenticated caller ->
                        Outcome.done(new WhoAmI(
                                caller.subject(),
                                caller.roles().stream().sorted().toList(),
                                service.clock().instant()));
                    case Caller.Anonymous _, Caller.Service _ ->
                        throw new IllegalStateException("the policy lets nobody else pass");
                });
    }
}
