package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.Wrk.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrkTest {
    private static final List<User> USERS = List.of(User.of("first"), User.of("second"));

    @TempDir
    private Path folder;

    private List<String> targets(Wrk wrk) throws IOException {
        return Files.readAllLines(wrk.script()).subList(1, 3);
    }

    @Test
    void each_user_reads_the_own_profile_with_an_own_token() throws IOException {
        try (var children = new Children()) {
            assertThat(targets(Wrk.reads(USERS, 1, folder, children)))
                    .satisfiesExactly(
                            line -> assertThat(line).matches("  \\{\"/v1/users/first\", \"ey[\\w.-]+\"},"),
                            line -> assertThat(line).matches("  \\{\"/v1/users/second\", \"ey[\\w.-]+\"},"));
        }
        assertThat(USERS.getFirst().token()).isNotEqualTo(USERS.getLast().token());
    }

    @Test
    void each_user_asks_for_all_fields_of_the_own_profile_by_graphql() throws IOException {
        try (var children = new Children()) {
            assertThat(targets(Wrk.queries(USERS, 1, folder, children)).getLast())
                    .matches("  \\{\"/graphql\", \"ey[\\w.-]+\", '\\{.+\"id\":\"second\"}}'},")
                    .contains("updatedAt");
        }
    }

    @Test
    void a_script_of_writes_knows_the_users_and_how_to_write() throws IOException {
        try (var children = new Children()) {
            var script = Files.readString(
                    Wrk.writes(Write.POST_WITH_KEY, USERS, 1, folder, children).script());

            assertThat(script)
                    .startsWith("local write = \"post-with-key\"\nlocal token = \"ey")
                    .contains("  \"first\",\n  \"second\",\n}\n")
                    .contains("function request()")
                    .contains("function done(");
        }
    }
}
