package dev.slipway.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.bench.Report.Goal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Measures the user service's GraphQL query of one profile beside its own REST read of the same.
final class Queries {
    private static final Goal RATE = new Goal("≥ 0.50", 0.5, true);

    private Queries() {}

    static Report run(Stage stage) throws IOException, InterruptedException, SQLException {
        var service = Contender.userService(stage.root(), stage.database());
        var users = stage.users(service);
        try (var running = stage.serve(service, service.withCache())) {
            requireSameAnswers(stage, service, users.getLast());
            var rest = Side.of("REST", running, Wrk.reads(users, service.port(), stage.folder(), stage.children()));
            var graphql =
                    Side.of("GraphQL", running, Wrk.queries(users, service.port(), stage.folder(), stage.children()));
            Side.measure(List.of(rest, graphql), stage.options(), stage.narration());
            var report = new Report("", "REST read", "GraphQL query", "ratio", "goal")
                    .sides("rate, req/s", "%.0f", rest.rates(), graphql.rates(), Optional.of(RATE))
                    .sides("p50, ms", "%.2f", rest.medians(), graphql.medians(), Optional.empty())
                    .sides("p99, ms", "%.2f", rest.tails(), graphql.tails(), Optional.empty())
                    .sides("processor time a request, µs", "%.1f", rest.costs(), graphql.costs(), Optional.empty());
            stage.notes("One user service, " + Wrk.CONNECTIONS + " connections").forEach(report::note);
            return report;
        }
    }

    /// The same, but for the letters of an enum's constants and the order of fields.
    private static void requireSameAnswers(Stage stage, Contender service, User user)
            throws IOException, InterruptedException {
        var host = "http://127.0.0.1:" + service.port();
        var rest = stage.answer(HttpRequest.newBuilder(URI.create(host + "/v1/users/" + user.id())), user);
        var graphql = stage.answer(
                HttpRequest.newBuilder(URI.create(host + "/graphql"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Wrk.body(user))),
                user);
        var json = new JsonMapper();
        if (!json.readTree(rest.toLowerCase(Locale.ROOT))
                .equals(json.readTree(graphql.toLowerCase(Locale.ROOT)).at("/data/user"))) {
            throw new MeasureException("the answers differ: %s and %s".formatted(rest, graphql));
        }
    }
}
