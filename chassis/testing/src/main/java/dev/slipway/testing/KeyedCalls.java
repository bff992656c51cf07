package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;

/// What a client sends does not decide how the work is done: each operation that changes something sends the same
/// statements in the same transactions with an `Idempotency-Key` and without; and where it takes none, it refuses one.
///
/// For one thread.
final class KeyedCalls {
    /// What the key itself costs, sent with COMMIT.
    private static final String ANSWER = "insert into slipway_idempotency";

    private static final int ROUNDS = 2;

    private final TestService service;
    private final TestClient client;
    private final Map<String, Function<TestClient, TestReply>> calls = new LinkedHashMap<>();

    /// @param service as [#prepared] made it
    /// @param client may call everything
    KeyedCalls(TestService service, TestClient client) {
        this.service = service;
        this.client = client;
    }

    /// Lets a service send each statement's text each time, so that it can be seen.
    static TestService prepared(TestService service) {
        return service.with("postgres.prepare-threshold", "0");
    }

    /// Adds an operation.
    ///
    /// @param call asks for it; called several times, each time about something else
    KeyedCalls ask(String operation, Function<TestClient, TestReply> call) {
        if (calls.putIfAbsent(operation, call) != null) {
            throw new IllegalArgumentException(operation + " is asked for twice");
        }
        return this;
    }

    /// A test for each operation, and one that all operations are among them.
    Stream<DynamicTest> tests() {
        var each = calls.entrySet().stream()
                .map(call -> DynamicTest.dynamicTest(
                        call.getKey() + " with a key", () -> compare(call.getKey(), call.getValue())));
        return Stream.concat(
                each,
                Stream.of(DynamicTest.dynamicTest(
                        "every operation that changes something is asked with a key", this::requireAll)));
    }

    private void requireAll() {
        assertThat(operations().keySet()).isNotEmpty().isEqualTo(calls.keySet());
    }

    /// By name, whether they take a key.
    Map<String, Boolean> operations() {
        var listed = service.management().get("/operations").expect(200).json();
        var all = new LinkedHashMap<String, Boolean>();
        StreamSupport.stream(listed.spliterator(), false)
                .filter(operation -> operation.at("/effect").asText().equals("changes"))
                .forEach(operation -> all.put(
                        operation.at("/operation").asText(),
                        operation.at("/idempotent").asBoolean()));
        return all;
    }

    private void compare(String operation, Function<TestClient, TestReply> call) throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var plain = sent(client, call);
            var keyed = sent(client.with("Idempotency-Key", UUID.randomUUID().toString()), call);
            if (Boolean.TRUE.equals(operations().get(operation))) {
                assertThat(keyed.reply().status())
                        .as("%s with a key: %s", operation, keyed.reply())
                        .isEqualTo(plain.reply().status())
                        .isLessThan(400);
                assertThat(keyed.statements()).anyMatch(statement -> statement.startsWith(ANSWER));
                assertThat(withoutKey(keyed.statements()))
                        .as("what %s sends with a key, beside what it sends without", operation)
                        .isEqualTo(plain.statements());
            } else {
                assertThat(plain.reply().status()).as("%s", plain.reply()).isLessThan(400);
                assertThat(keyed.reply().text("/code")).isEqualTo("idempotency-unsupported");
            }
            assertThat(plain.statements()).as(operation).isNotEmpty().contains("BEGIN");
        }
    }

    private record Sent(TestReply reply, List<String> statements) {}

    private static Sent sent(TestClient client, Function<TestClient, TestReply> call) throws Exception {
        var replies = new ArrayList<TestReply>();
        var statements = SqlStatements.textsDuring(() -> replies.add(call.apply(client)));
        return new Sent(replies.getFirst(), statements);
    }

    private static List<String> withoutKey(List<String> statements) {
        return statements.stream()
                .filter(statement -> !statement.startsWith(ANSWER))
                .map(statement -> statement.equals("commit") ? "COMMIT" : statement)
                .toList();
    }
}
