package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Transactions.Mode;
import dev.slipway.core.Transactions.Work;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.testing.notes.NoteApp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class KeyedCallsTest {

    private static KeyedCalls asked(TestService service) {
        return new KeyedCalls(service, service.as("ada", "writer"))
                .ask(
                        "createNote",
                        client -> client.post(
                                "/v1/notes", "{\"name\": \"%s\", \"text\": \"a\"}".formatted(UUID.randomUUID())));
    }

    private static List<Throwable> failures(KeyedCalls calls) {
        return calls.tests()
                .map(test -> catchThrowable(() -> test.getExecutable().execute()))
                .filter(failure -> failure != null)
                .toList();
    }

    @Test
    void a_service_whose_keys_change_nothing_passes() {
        try (var service = KeyedCalls.prepared(TestService.of(new NoteApp())).start()) {
            assertThat(failures(asked(service))).isEmpty();
        }
    }

    @Test
    void one_more_statement_with_a_key_is_noticed() {
        var app = new NoteApp(
                (assembly, database) -> new LooksAround(PostgresIdempotency.open(assembly, database), database));
        try (var service = KeyedCalls.prepared(TestService.of(app)).start()) {
            assertThat(failures(asked(service)))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("select 7"));
        }
    }

    @Test
    void an_operation_that_is_not_asked_for_is_noticed() {
        try (var service = KeyedCalls.prepared(TestService.of(new NoteApp())).start()) {
            assertThat(failures(new KeyedCalls(service, service.as("ada", "writer"))))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("createNote"));
        }
    }

    @Test
    void the_management_port_lists_who_may_call_what() {
        try (var service = TestService.of(new NoteApp()).start()) {
            var create =
                    service.management().get("/operations").expect(200).json().get(0);
            assertThat(create.at("/operation").asText()).isEqualTo("createNote");
            assertThat(create.at("/effect").asText()).isEqualTo("changes");
            assertThat(create.at("/policy/role/0").asText()).isEqualTo("writer");
            assertThat(create.at("/allowed").asText()).isEqualTo("role writer");
        }
    }

    /// The planted difference.
    private record LooksAround(Idempotency keys, Database database) implements Idempotency {
        @Override
        public <T, X extends Exception> Result<T> once(
                Claim claim, Mode mode, Function<? super T, Optional<Answer>> answer, Work<T, X> work) throws X {
            return keys.once(claim, mode, answer, () -> {
                assertThat(database.<Integer>read(sql -> sql.query("select 7 as seven")
                                .map(row -> row.integer("seven"))
                                .one()))
                        .isEqualTo(7);
                return work.run();
            });
        }

        @Override
        public <T> Optional<Result<T>> find(Claim claim) {
            return keys.find(claim);
        }
    }
}
