package dev.slipway.bench;

import dev.slipway.bench.Report.Goal;
import dev.slipway.bench.Wrk.Write;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Measures how the user service writes, beside its twin that writes to the same table; each write is a transaction.
///
/// Before each load the database is as it was at first: what grows with the rows would favour who comes first.
final class Writes {
    private static final Goal TWIN = new Goal("≥ 0.75", 0.75, true);
    private static final Goal KEY = new Goal("≥ 0.70", 0.7, true);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Writes() {}

    static Report run(Stage stage) throws IOException, InterruptedException, SQLException {
        var service = Contender.userService(stage.root(), stage.database());
        var users = stage.users(service);
        var twin =
                Contender.twin(stage.root(), stage.database(), users.getFirst().id());
        try (var database = DriverManager.getConnection(
                        stage.database().jdbcUrl(),
                        stage.database().user(),
                        stage.database().password());
                var runningTwin = stage.serve(twin, List.of());
                var runningService = stage.serve(service, List.of())) {
            var sides = new Sides(stage, users, database);
            var twinPost = sides.of("twin POST", runningTwin, Write.POST);
            var post = sides.of("POST", runningService, Write.POST);
            var keyed = sides.of("POST with key", runningService, Write.POST_WITH_KEY);
            var twinPut = sides.of("twin PUT", runningTwin, Write.PUT);
            var put = sides.of("PUT", runningService, Write.PUT);
            Side.measure(List.of(twinPost, post, keyed, twinPut, put), stage.options(), stage.narration());
            var report = new Report("", "beside", "user service", "ratio", "goal");
            compare(report, "POST", twinPost, post, TWIN);
            compare(report, "POST with a key, beside POST", post, keyed, KEY);
            compare(report, "PUT with a version", twinPut, put, TWIN);
            stage.notes(Wrk.CONNECTIONS + " connections; beside: the bare twin, if nothing else is said")
                    .forEach(report::note);
            return report;
        }
    }

    private static void compare(Report report, String what, Side beside, Side service, Goal goal) {
        report.sides(what + ": rate, req/s", "%.0f", beside.rates(), service.rates(), Optional.of(goal))
                .sides("  p99, ms", "%.2f", beside.tails(), service.tails(), Optional.empty())
                .sides("  processor time, µs", "%.1f", beside.costs(), service.costs(), Optional.empty());
    }

    private record Sides(Stage stage, List<User> users, Connection database) {
        Side of(String name, Running running, Write write) throws IOException {
            var load = Wrk.writes(write, users, running.contender().port(), stage.folder(), stage.children());
            return Side.of(name, running, new Afresh(load, database));
        }
    }

    /// A load on the database as it was at first.
    private record Afresh(Load load, Connection database) implements Load {
        @Override
        public void warmUp(int seconds) throws IOException, InterruptedException {
            restore();
            load.warmUp(seconds);
        }

        @Override
        public Seen run(int seconds) throws IOException, InterruptedException {
            restore();
            return load.run(seconds);
        }

        private void restore() {
            Await.until("what was in flight has ended", PATIENCE, () -> isQuiet());
            try (var statement = database.createStatement()) {
                statement.execute("truncate slipway_idempotency");
                statement.execute("delete from profiles where email like 'new-%' and created_at = updated_at");
                statement.execute("update profiles set email = id || '@example.com', version = 1");
                statement.execute("vacuum analyze profiles");
            } catch (SQLException e) {
                throw new MeasureException("the database could not be restored: " + e.getMessage());
            }
        }

        private boolean isQuiet() throws SQLException {
            try (var statement = database.createStatement();
                    var rows = statement.executeQuery("""
                            select count(*) from pg_stat_activity
                            where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'""")) {
                return rows.next() && rows.getInt(1) == 0;
            }
        }
    }
}
