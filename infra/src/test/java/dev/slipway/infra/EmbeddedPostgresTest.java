package dev.slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @RegisterExtension
    static final TestHome HOME = new TestHome();

    @Test
    void the_last_one_out_stops_the_server() throws Exception {
        var first = HOME.join();
        var second = HOME.join();
        assertThat(second.port()).isEqualTo(first.port());
        Instance instance = HOME.onlyInstance();
        List<ProcessHandle> processes = TestHome.processesOf(instance);

        first.close();
        User.work(second.database("orders"));
        assertThat(processes).allMatch(ProcessHandle::isAlive);
        second.close();

        TestHome.awaitEndOf(processes);
        assertThat(instance.folder()).doesNotExist();
    }

    @Test
    void two_programs_that_start_at_once_share_one_server() throws Exception {
        Process one = User.start("stay", HOME.path().toString());
        Process two = User.start("stay", HOME.path().toString());

        assertThat(User.line(one, "port")).isEqualTo(User.line(two, "port"));

        List<ProcessHandle> processes = TestHome.processesOf(HOME.onlyInstance());
        one.getOutputStream().close();
        two.getOutputStream().close();
        assertThat(one.waitFor()).isZero();
        assertThat(two.waitFor()).isZero();
        TestHome.awaitEndOf(processes);
    }

    @Test
    void a_program_that_is_killed_leaves_no_server_behind() throws Exception {
        Process user = User.start("stay", HOME.path().toString());
        User.line(user, "port");
        Instance instance = HOME.onlyInstance();
        List<ProcessHandle> processes = TestHome.processesOf(instance);

        user.destroyForcibly().waitFor();

        TestHome.awaitEndOf(processes);
        assertThat(instance.folder()).doesNotExist();
    }

    @Test
    void a_program_that_is_killed_while_it_starts_the_server_leaves_none_behind() throws Exception {
        HOME.join().close();
        HOME.awaitNothingRuns();
        for (String sign : List.of("guardian", "data", "data/postmaster.pid", "listed")) {
            Process user = User.start("stay", HOME.path().toString());
            TestHome.await(() -> Folders.list(HOME.path().resolve("run")).stream()
                    .anyMatch(folder -> Files.exists(folder.resolve(sign))));
            List<ProcessHandle> processes = user.descendants().toList();

            user.destroyForcibly().waitFor();

            TestHome.awaitEndOf(processes);
            // What a guardian that never wrote its pid leaves is swept by the next start.
            HOME.join().close();
            HOME.awaitNothingRuns();
        }
    }

    @Test
    void the_server_outlives_a_program_that_is_killed_while_others_use_it() throws Exception {
        Process user = User.start("stay", HOME.path().toString());
        String port = User.line(user, "port");
        try (var survivor = HOME.join()) {
            user.destroyForcibly().waitFor();

            assertThat(port).isEqualTo("port " + survivor.port());
            User.work(survivor.database("orders"));
        }
    }

    @Test
    void joining_while_the_last_one_leaves_always_finds_a_working_server() throws Exception {
        Process other = User.start("rounds", HOME.path().toString(), "20");
        List<Callable<Void>> users = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            users.add(() -> {
                User.rounds(HOME.ephemeral(), 50);
                return null;
            });
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> user : threads.invokeAll(users)) {
                user.get();
            }
        }

        User.line(other, "done");
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void a_server_that_crashed_is_replaced() throws Exception {
        try (var first = HOME.join()) {
            Instance instance = HOME.onlyInstance();
            List<ProcessHandle> processes = TestHome.processesOf(instance);
            TestHome.serverOf(instance).destroyForcibly();
            TestHome.awaitEndOf(processes);

            try (var second = HOME.join()) {
                assertThat(second.port()).isNotEqualTo(first.port());
                User.work(second.database("orders"));
            }
        }
    }

    @Test
    void a_server_dies_with_its_guardian() throws Exception {
        assumeTrue(Binaries.isLinux());
        try (var first = HOME.join()) {
            Instance instance = HOME.onlyInstance();
            ProcessHandle server = TestHome.serverOf(instance);
            instance.guardian().orElseThrow().destroyForcibly();
            TestHome.awaitEndOf(List.of(server));

            try (var second = HOME.join()) {
                assertThat(second.port()).isNotEqualTo(first.port());
                assertThat(instance.folder()).doesNotExist();
            }
        }
    }

    @Test
    void a_ctrl_c_in_the_terminal_does_not_reach_the_server() throws IOException {
        assumeTrue(Binaries.isLinux());
        try (var postgres = HOME.join()) {
            assertThat(postgres.port()).isPositive();
            long guardian = HOME.onlyInstance().guardian().orElseThrow().pid();
            String afterName = Files.readString(Path.of("/proc/%s/stat".formatted(guardian)))
                    .split("\\) ")[1];
            String processGroup = afterName.split(" ")[2];
            assertThat(processGroup).isEqualTo(Long.toString(guardian));
        }
    }

    @Test
    void what_a_crash_left_is_swept_at_the_next_start() throws IOException {
        Path run = Files.createDirectories(HOME.path().resolve("run"));
        Path neverRan = Files.createDirectory(run.resolve("never-ran"));
        Path gone = run.resolve("gone");
        Files.createDirectories(gone.resolve("data"));
        Files.writeString(gone.resolve("guardian"), "999999999\n");
        Path pidReused = Files.createDirectory(run.resolve("pid-reused"));
        Files.writeString(
                pidReused.resolve("guardian"),
                Long.toString(ProcessHandle.current().pid()));
        Files.writeString(pidReused.resolve("listed"), "1\n/nowhere");

        HOME.join().close();

        assertThat(List.of(neverRan, gone, pidReused)).noneMatch(Files::exists);
    }

    @Test
    void kept_data_survives_its_server(@TempDir Path folder) throws Exception {
        Path keep = folder.resolve("data/postgres");
        List<ProcessHandle> processes;
        try (var postgres = HOME.join(keep)) {
            processes = TestHome.processesOf(HOME.onlyInstance());
            execute(postgres.database("orders"), "CREATE TABLE placed (id int)");
        }
        // Started while the last server on the same data still stops.
        try (var postgres = HOME.join(keep)) {
            execute(postgres.database("orders"), "INSERT INTO placed VALUES (1)");
        }
        TestHome.awaitEndOf(processes);
        HOME.awaitNothingRuns();
        try (var postgres = HOME.join(keep)) {
            execute(postgres.database("orders"), "INSERT INTO placed VALUES (2)");
        }
        HOME.awaitNothingRuns();
        assertThat(keep.resolve("PG_VERSION")).exists();
        Folders.delete(keep);
    }

    @Test
    void each_kept_folder_has_a_server_of_its_own(@TempDir Path folder) throws IOException {
        Set<Integer> ports = new HashSet<>();
        try (var ephemeral = HOME.join();
                var one = HOME.join(folder.resolve("one"));
                var two = HOME.join(folder.resolve("two"));
                var twoAgain = HOME.join(folder.resolve("one/../two"))) {
            ports.addAll(List.of(ephemeral.port(), one.port(), two.port()));
            assertThat(ports).hasSize(3);
            assertThat(twoAgain.port()).isEqualTo(two.port());
        }
        HOME.awaitNothingRuns();
    }

    @Test
    void a_folder_of_something_else_is_not_touched(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");

        assertThatExceptionOfType(InfraException.class)
                .isThrownBy(() -> HOME.join(folder))
                .withMessageContaining("is not empty and holds no PostgreSQL data");

        assertThat(folder.resolve("thesis.txt")).hasContent("years of work");
    }

    @Test
    void a_server_that_fails_to_start_says_why_and_leaves_nothing_running(@TempDir Path folder) throws IOException {
        Path keep = folder.resolve("old");
        HOME.join(keep).close();
        HOME.awaitNothingRuns();
        Files.writeString(keep.resolve("PG_VERSION"), "17\n");

        assertThatExceptionOfType(InfraException.class)
                .isThrownBy(() -> HOME.join(keep))
                .withMessageContaining("failed to start")
                .withMessageContaining("initialized by PostgreSQL version 17");
    }

    private static void execute(PostgresAddress address, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
