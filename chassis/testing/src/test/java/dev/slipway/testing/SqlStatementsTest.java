package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.notes.NoteApp;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SqlStatementsTest {
    /// How long the pool trusts a connection that it has used.
    private static final String TRUST = "com.zaxxer.hikari.aliveBypassWindowMs";

    private static TestService service;

    @BeforeAll
    static void tryConnectionsAlways() {
        System.setProperty(TRUST, "0");
        service = KeyedCalls.prepared(TestService.of(new NoteApp())).start();
    }

    @AfterAll
    static void stop() {
        service.close();
        System.clearProperty(TRUST);
    }

    private static TestReply create() {
        return service.as("ada", "writer")
                .post("/v1/notes", "{\"name\": \"%s\", \"text\": \"a\"}".formatted(UUID.randomUUID()))
                .expect(201);
    }

    private static final Callable<?> AMID_CHECKS = () -> {
        service.management().get("/health/ready").expect(200);
        var reply = create();
        service.management().get("/health/ready").expect(200);
        return reply;
    };

    @Test
    void what_health_checks_say_is_not_told() throws Exception {
        var statements = SqlStatements.textsDuring(AMID_CHECKS);

        assertThat(statements)
                .anyMatch(statement -> statement.startsWith("insert into notes"))
                .noneMatch(statement -> statement.isEmpty() || statement.contains("transaction_read_only"))
                .isEqualTo(SqlStatements.textsDuring(SqlStatementsTest::create));
    }

    @Test
    void what_health_checks_say_is_not_counted() throws Exception {
        assertThat(SqlStatements.during(AMID_CHECKS))
                .isPositive()
                .isEqualTo(SqlStatements.during(SqlStatementsTest::create));
    }
}
