package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

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
}
