package dev.slipway.template.base.widget;

import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.KeyedCalls;
import dev.slipway.testing.TestService;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An idempotency key does not decide how the work is done.
class WidgetKeysTest {

    @RegisterExtension
    static final TestService service = KeyedCalls.prepared(TestService.of(new BaseApp()));

    @TestFactory
    Stream<DynamicTest> a_key_changes_nothing_but_itself() {
        return new KeyedCalls(service)
                .ask("createWidget", client -> client.post("/v1/widgets", input()))
                .ask("changeWidget", client -> client.with("If-Match", "\"1\"").put(existing(), input()))
                .ask("deleteWidget", client -> client.with("If-Match", "*").delete(existing()))
                .tests();
    }

    private static String existing() {
        return service.as("ada", "admin")
                .post("/v1/widgets", input())
                .expect(201)
                .header("Location");
    }

    private static String input() {
        return "{\"name\": \"%s\"}".formatted(UUID.randomUUID());
    }
}
