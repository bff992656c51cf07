package dev.slipway.testing.shelf;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
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
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Says that it has understood.
public final class ShelfApp extends ServiceDefinition<ShelfApp.Settings> {

    public record Settings(TelemetrySettings telemetry, TokenSettings tokens, HttpSettings http) {}

    public record Found(String title, long copies) {}

    enum Sort {
        @JsonProperty("title")
        TITLE,
        @JsonProperty("-title")
        TITLE_DESCENDING
    }

    enum Binding {
        HARD,
        SOFT
    }

    record ShelfQuery(
            @Min(1) @Max(100) int limit,
            @Nullable Long copies,
            @Nullable BigDecimal price,
            @Nullable Double weight,
            @Nullable Boolean lent,
            @Nullable Sort sort,
            Optional<Binding> binding,
            Optional<Integer> edition,
            @Nullable UUID author,
            @Nullable Instant since,
            @Nullable LocalDate printed,
            @Size(max = 5) @Nullable String title,
            @Size(max = 1_500) @Nullable String summary,
            @Pattern(regexp = "[A-Z]{3}") @Nullable String currency,
            @Nullable List<Integer> shelves) {}

    record Book(
            @Nullable UUID author,
            @Nullable Instant since,
            @Nullable LocalDate printed,
            @Nullable Binding binding,
            @Nullable Boolean lent,
            @Nullable Integer copies) {}

    public ShelfApp() {
        super("shelf-service", Settings.class);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var operations = Operations.open(service, Tokens.open(service, settings.tokens(), meters));
        Rest.open(ProtocolHost.of(service, meters, operations), settings.http())
                .routes(Route.get("/shelves", search()), Route.post("/books", add()));
    }

    private static Operation<ShelfQuery, Found> search() {
        return Operation.named("searchShelves", "Searches the shelves")
                .input(ShelfQuery.class)
                .policy(Policy.anyone())
                .output(Found.class)
                .read(call -> Outcome.done(new Found("Emma", call.input().limit())));
    }

    private static Operation<Book, Found> add() {
        return Operation.named("addBook", "Adds a book")
                .input(Book.class)
                .policy(Policy.anyone())
                .output(Found.class)
                .read(call -> Outcome.done(new Found("Emma", 1)));
    }
}
