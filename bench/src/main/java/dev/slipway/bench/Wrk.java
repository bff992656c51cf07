package dev.slipway.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The load generator wrk: each request is about the profile of one of many users, with a token of that user.
///
/// @param script tells wrk what to send and how to report
/// @param port of the server
record Wrk(Path script, int port, Children children) implements Load {
    static final int CONNECTIONS = 64;

    /// The fields of the REST answer.
    static final String QUERY =
            "query($id: ID!) { user(id: $id) { id email displayName locale status version createdAt updatedAt } }";

    /// By REST.
    static Wrk reads(List<User> users, int port, Path folder, Children children) throws IOException {
        var lua = new StringBuilder("local targets = {\n");
        for (var user : users) {
            lua.append("  {\"/v1/users/%s\", \"%s\"},\n".formatted(user.id(), user.token()));
        }
        return new Wrk(write(lua.append("}\n"), "load.lua", folder.resolve("reads.lua")), port, children);
    }

    /// By GraphQL.
    static Wrk queries(List<User> users, int port, Path folder, Children children) throws IOException {
        var lua = new StringBuilder("local targets = {\n");
        for (var user : users) {
            lua.append("  {\"/graphql\", \"%s\", '%s'},\n".formatted(user.token(), body(user)));
        }
        return new Wrk(write(lua.append("}\n"), "load.lua", folder.resolve("queries.lua")), port, children);
    }

    /// What a write does.
    enum Write {
        POST,
        POST_WITH_KEY,
        PUT;

        /// How the script calls it.
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// By REST: each POST makes a profile that is not there yet, each PUT changes the profile of a user whose version is
    /// as many as this script has changed it, and one more.
    static Wrk writes(Write write, List<User> users, int port, Path folder, Children children) throws IOException {
        var lua = new StringBuilder("local write = \"%s\"\n".formatted(write.word()))
                .append("local token = \"%s\"\n".formatted(User.administrator()))
                .append("local users = {\n");
        for (var user : users) {
            lua.append("  \"%s\",\n".formatted(user.id()));
        }
        var script = folder.resolve("%s-%s.lua".formatted(write.word(), port));
        return new Wrk(write(lua.append("}\n"), "writes.lua", script), port, children);
    }

    static String body(User user) {
        return "{\"query\":\"%s\",\"variables\":{\"id\":\"%s\"}}".formatted(QUERY, user.id());
    }

    private static Path write(StringBuilder lua, String rules, Path script) throws IOException {
        try (InputStream rest = Objects.requireNonNull(Wrk.class.getResourceAsStream(rules));
                InputStream report = Objects.requireNonNull(Wrk.class.getResourceAsStream("report.lua"))) {
            lua.append(new String(rest.readAllBytes(), StandardCharsets.UTF_8));
            lua.append(new String(report.readAllBytes(), StandardCharsets.UTF_8));
        }
        return Files.writeString(script, lua);
    }

    @Override
    public void warmUp(int seconds) throws IOException, InterruptedException {
        send(seconds);
    }

    @Override
    public Seen run(int seconds) throws IOException, InterruptedException {
        return Seen.parse(send(seconds));
    }

    private String send(int seconds) throws IOException, InterruptedException {
        var command = List.of(
                "wrk",
                "--latency",
                "--threads=1",
                "--connections=" + CONNECTIONS,
                "--duration=" + seconds + "s",
                "--timeout=5s",
                "--script=" + script,
                "http://127.0.0.1:" + port);
        return children.run(command, script.toAbsolutePath().resolveSibling("."));
    }
}
