package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.StartException;
import dev.slipway.core.Time;
import dev.slipway.postgres.Migrations.Applied;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.CapturedLog;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Migrations migrations(Migration... all) {
        var migrations =
                new Migrations(server::connect, new CountDownLatch(1), Time.system(), RandomGenerator.getDefault());
        migrations.add(new MigrationFolder("service", List.of(all)));
        return migrations;
    }

    private static Migration migration(int version, String name, String up) {
        return new Migration(version, name, up, Optional.empty());
    }

    private static Migration table(int version, String name) {
        return new Migration(
                version, name, "create table " + name + " (id integer)", Optional.of("drop table " + name));
    }

    private List<String> tables() {
        var names = new ArrayList<String>();
        for (var name : List.of("a", "b", "c")) {
            if (server.count("select count(*) from pg_tables where tablename = '" + name + "'") == 1) {
                names.add(name);
            }
        }
        return names;
    }

    @Test
    void a_schema_goes_up_and_down() throws InterruptedException {
        var migrations = migrations(table(1, "a"), table(2, "b"), table(3, "c"));
        assertThat(migrations.applied()).isEmpty();

        migrations.up();
        assertThat(tables()).containsExactly("a", "b", "c");
        assertThat(migrations.applied()).extracting(Applied::version).containsExactly(1, 2, 3);

        migrations.to(1);
        assertThat(tables()).containsExactly("a");
        migrations.to(2);
        assertThat(tables()).containsExactly("a", "b");
        migrations.to(0);
        assertThat(tables()).isEmpty();
        migrations.up();
        migrations.up();
        assertThat(tables()).containsExactly("a", "b", "c");
    }

    @Test
    void the_log_says_what_was_done_and_how_long_it_took() throws InterruptedException {
        try (var log = CapturedLog.of(Migrations.class)) {
            var migrations = migrations(table(1, "a"));
            migrations.up();
            migrations.to(0);

            assertThat(log.lines())
                    .extracting(line -> line.replaceFirst("\\d+ ms", "n ms"))
                    .containsExactly(
                            "INFO Applied V001__a.sql of service in n ms",
                            "INFO Took back V001__a.sql of service in n ms");
        }
    }

    @Test
    void what_has_no_way_back_is_not_taken_back_in_part() throws InterruptedException {
        var migrations = migrations(table(1, "a"), migration(2, "b", "create table b (id integer)"), table(3, "c"));
        migrations.up();

        assertThatThrownBy(() -> migrations.to(0))
                .isInstanceOf(StartException.class)
                .hasMessage("V002__b.sql cannot be taken back: it has no .down.sql");

        assertThat(tables()).containsExactly("a", "b", "c");
    }

    @Test
    void a_version_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> migrations(table(1, "a")).to(2)).hasMessageContaining("the newest is 1");
    }

    @Test
    void a_broken_migration_changes_nothing_and_says_what_is_wrong() throws InterruptedException {
        var broken = "create table b (id integer); create tabel c (id integer)";

        assertThatThrownBy(() -> migrations(table(1, "a"), migration(2, "broken", broken))
                        .up())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("V002__broken.sql failed")
                .hasMessageContaining("tabel");

        assertThat(tables()).containsExactly("a");
        migrations(table(1, "a"), table(2, "b")).up();
        assertThat(tables()).containsExactly("a", "b");
    }

    @Test
    void a_changed_migration_is_refused_but_other_line_ends_are_no_change() throws InterruptedException {
        migrations(migration(1, "a", "create table a (\n id integer)")).up();

        migrations(migration(1, "a", "create table a (\r\n id integer)")).up();
        assertThatThrownBy(() -> migrations(migration(1, "a", "create table a (\n id bigint)"))
                        .up())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("V001__a.sql was changed after it had been applied");
    }

    @Test
    void a_migration_that_came_late_under_a_used_number_is_refused() throws InterruptedException {
        migrations(table(1, "a"), table(2, "b")).up();

        assertThatThrownBy(() ->
                        migrations(table(1, "a"), table(2, "c"), table(3, "b")).up())
                .hasMessageContaining("V002__c.sql is new, but the database has V002__b already");
    }

    @Test
    void a_history_with_a_hole_is_refused() throws InterruptedException {
        migrations(table(1, "a"), table(2, "b")).up();
        server.execute("delete from slipway_migrations where version = 1");

        assertThatThrownBy(() -> migrations(table(1, "a"), table(2, "b")).up())
                .hasMessageContaining("the database has version 2 of service without version 1");
    }

    @Test
    void older_code_runs_on_a_newer_schema_but_does_not_take_it_back() throws InterruptedException {
        migrations(table(1, "a"), table(2, "b")).up();
        var older = migrations(table(1, "a"));

        older.up();
        assertThatThrownBy(() -> older.to(0)).hasMessageContaining("came from newer code");

        assertThat(tables()).containsExactly("a", "b");
    }

    @Test
    void copies_that_start_at_once_migrate_once() throws Exception {
        var all = new Migration[] {
            table(1, "a"),
            migration(2, "index", "-- slipway: no transaction\ncreate index concurrently a_id on a (id)"),
            migration(3, "row", "insert into a values (1)"),
            migration(4, "slow", "select pg_sleep(0.1); create table b (id integer)")
        };
        Callable<Boolean> copy = () -> {
            migrations(all).up();
            return true;
        };

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done :
                    threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> copy).toList())) {
                assertThat(done.get()).isTrue();
            }
        }

        assertThat(server.count("select count(*) from a")).isEqualTo(1);
        assertThat(server.count("select count(*) from slipway_migrations")).isEqualTo(4);
        assertThat(server.count("select count(*) from pg_locks where locktype = 'advisory'"
                        + " and database = (select oid from pg_database where datname = current_database())"))
                .isZero();
    }

    @Test
    void an_index_that_could_not_be_built_is_not_remembered_as_done() throws Exception {
        var index = migration(
                2,
                "index",
                "-- slipway: no transaction\ncreate unique index concurrently if not exists a_id on a (id)");
        var migrations = migrations(table(1, "a"), index);
        migrations.to(1);
        execute("insert into a values (1), (1)");
        assertThatThrownBy(migrations::up).isInstanceOf(StartException.class).hasMessageContaining("V002__index.sql");
        assertThat(server.count("select count(*) from pg_index where not indisvalid"))
                .isEqualTo(1);

        // Again, while nobody has mended the data.
        assertThatThrownBy(migrations::up).isInstanceOf(StartException.class);
        assertThat(migrations.applied()).hasSize(1);

        execute("delete from a");
        migrations.up();
        assertThat(migrations.applied()).hasSize(2);
        assertThat(server.count("select count(*) from pg_index where not indisvalid"))
                .isZero();
        assertThat(server.count("select count(*) from pg_indexes where indexname = 'a_id'"))
                .isEqualTo(1);
    }

    @Test
    void a_script_names_an_index_as_a_whole_word() {
        var script = "create index concurrently \"a_id\" on a (id)";

        assertThat(Migration.names(script, "a_id")).isTrue();
        assertThat(Migration.names(script, "\"a_id\"")).isTrue();
        assertThat(Migration.names("CREATE INDEX CONCURRENTLY A_ID ON a (id)", "a_id"))
                .isTrue();
        assertThat(Migration.names(script, "a_i")).isFalse();
        assertThat(Migration.names(script, "id")).isTrue();
    }

    @Test
    void what_a_script_sets_holds_for_it_alone() throws InterruptedException {
        var setting = migration(1, "a", """
                create schema other; create table a (id integer);
                set search_path to other, public; set statement_timeout = '1s'; set local lock_timeout = '1s'""");
        var emptying = migration(2, "b", "create table b (id integer); select set_config('search_path', '', false)");

        migrations(setting, emptying, table(3, "c")).up();

        migrations(setting, emptying, table(3, "c")).up();
        assertThat(server.count("select count(*) from slipway_migrations")).isEqualTo(3);
        assertThat(server.count("select count(*) from pg_tables where schemaname = 'public'"
                        + " and tablename in ('a', 'b', 'c', 'slipway_migrations')"))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table a (id integer); commit; create table b (id integer)",
                "BEGIN; select 1; end",
                "begin work",
                "-- a\nstart  transaction isolation level serializable; select 1",
                "select E'\\';', 1; /* ; */ rollback",
                "abort"
            })
    void a_script_that_begins_or_ends_a_transaction_is_refused(String script, @TempDir Path folder) throws Exception {
        assertThat(wrong(folder, Map.of("V001__a.sql", script)))
                .singleElement()
                .asString()
                .startsWith("V001__a.sql in db: leave out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 'a; commit', \"; commit\" from a -- ; commit",
                "do $$ begin perform 1; commit; end $$",
                "create function f() returns integer begin atomic select 1; end",
                "savepoint a; rollback to a; rollback to savepoint a; rollback work to a",
                "create table commits (id integer); select commit from commits",
                "select E'\\'; commit'"
            })
    void words_that_begin_or_end_no_transaction_are_left_alone(String script, @TempDir Path folder) throws Exception {
        assertThat(wrong(folder, Map.of("V001__a.sql", script))).isEmpty();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_byte_order_mark_hides_no_first_line(@TempDir Path folder) throws Exception {
        var mark = "\ufeff-- slipway: no transaction\nselect 1";

        var read = read(folder, Map.of("V001__a.sql", mark), new ArrayList<>());

        assertThat(Migration.isTransactional(read.migrations().getFirst().up())).isFalse();
    }

    @Test
    void a_service_starts_on_the_schema_that_its_settings_name() throws InterruptedException {
        assertThat(server.service().database().migrations().applied())
                .extracting(Applied::part, Applied::version)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("idempotency", 1),
                        org.assertj.core.groups.Tuple.tuple("service", 1),
                        org.assertj.core.groups.Tuple.tuple("service", 2));

        assertThat(server.service("--postgres.migrate-to=1")
                        .database()
                        .migrations()
                        .applied())
                .extracting(Applied::name)
                .containsExactly("create_idempotency", "create_widgets");
    }

    @Test
    void a_service_may_leave_migrating_to_others() throws InterruptedException {
        server.service("--postgres.migrate-on-start=false");

        assertThat(server.count("select count(*) from pg_tables where tablename in ('widgets', 'slipway_migrations')"))
                .isZero();
    }

    @Test
    void a_service_with_a_broken_schema_does_not_start() throws InterruptedException {
        server.execute("create table widgets (id integer)");
        var app = server.starting(server.settings());

        assertThatThrownBy(app::awaitReady)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("V001__create_widgets.sql failed")
                .hasMessageContaining("already exists");
    }

    @Test
    void migrations_are_read_from_inside_a_jar_and_only_from_beside_the_class(@TempDir Path folder) throws Exception {
        var jar = folder.resolve("service.jar");
        var type = WidgetApp.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                var entries = new JarOutputStream(file)) {
            write(entries, type, bytes(type));
            var here = "dev/slipway/postgres/widgets/db/";
            write(entries, here, new byte[0]);
            write(entries, here + "V001__first.sql", "select 1".getBytes(StandardCharsets.UTF_8));
            write(entries, here + "V001__first.down.sql", "select -1".getBytes(StandardCharsets.UTF_8));
            write(entries, here + "old/V009__no.sql", new byte[0]);
            write(entries, "com/acme/db/V001__other.sql", new byte[0]);
        }
        var errors = new ArrayList<String>();
        try (var loader = new OwnFirst(jar.toUri().toURL())) {
            var app = loader.loadClass(WidgetApp.class.getName());
            assertThat(app).isNotEqualTo(WidgetApp.class);

            assertThat(MigrationFolder.read("service", app, "db", errors).migrations())
                    .containsExactly(new Migration(1, "first", "select 1", Optional.of("select -1")));
        }
        assertThat(errors).isEmpty();
    }

    /// Defines the test's service from the jar, although its parent has it too.
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL jar) {
            super(new URL[] {jar}, MigrationsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.equals(WidgetApp.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
        }

        @Override
        public URL getResource(String name) {
            var own = findResource(name);
            return own == null ? super.getResource(name) : own;
        }
    }

    private static void write(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    private static byte[] bytes(String resource) throws IOException {
        try (var stream = MigrationsTest.class.getResourceAsStream("/" + resource)) {
            return stream == null ? new byte[0] : stream.readAllBytes();
        }
    }

    @Test
    void what_is_wrong_with_a_folder_is_told_all_at_once(@TempDir Path folder) throws Exception {
        var files = Map.of(
                "V001__a.sql", "select 1",
                "V003__c.sql", "select 1",
                "V001__twin.sql", "select 1",
                "V002__lost.down.sql", "select 1",
                "create.sql", "select 1",
                "V002__LOUD.SQL", "select 1");
        var errors = wrong(folder, files);

        assertThat(errors)
                .hasSize(5)
                .anyMatch(it -> it.startsWith("V002__LOUD.SQL in db: migrations are called V001__create_widgets.sql"))
                .anyMatch(it -> it.startsWith("create.sql in db: migrations are called V001__create_widgets.sql"))
                .anyMatch(it -> it.contains("the number is taken by V001__"))
                .anyMatch(it -> it.startsWith("V003__c.sql in db: number 002 is missing before it"))
                .anyMatch(it -> it.contains("V002__lost.down.sql"));
    }

    private static List<String> wrong(Path folder, Map<String, String> files) throws Exception {
        var errors = new ArrayList<String>();
        read(folder, files, errors);
        return errors;
    }

    private static MigrationFolder read(Path folder, Map<String, String> files, List<String> errors) throws Exception {
        var type = WidgetApp.class.getName().replace('.', '/') + ".class";
        var packaged = Files.createDirectories(folder.resolve("dev/slipway/postgres/widgets/db"));
        Files.write(folder.resolve(type), bytes(type));
        for (var file : files.entrySet()) {
            Files.writeString(packaged.resolve(file.getKey()), file.getValue());
        }
        try (var loader = new OwnFirst(folder.toUri().toURL())) {
            return MigrationFolder.read("service", loader.loadClass(WidgetApp.class.getName()), "db", errors);
        }
    }

    @Test
    void a_service_without_migrations_has_none() {
        var errors = new ArrayList<String>();

        assertThat(MigrationFolder.read("service", MigrationsTest.class, "no-such-folder", errors)
                        .newest())
                .isZero();
        assertThat(errors).isEmpty();
    }
}
