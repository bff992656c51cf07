package dev.slipway.shop.user.profile;

import dev.slipway.shop.user.UserApp;
import dev.slipway.testing.KeyedCalls;
import dev.slipway.testing.TestService;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An idempotency key does not decide how the work is done.
class ProfileKeysTest {

    @RegisterExtension
    static final TestService service = KeyedCalls.prepared(TestService.of(new UserApp()));

    @TestFactory
    Stream<DynamicTest> a_key_changes_nothing_but_itself() {
        return new KeyedCalls(service)
                .ask("createProfile", client -> client.post("/v1/users", input()))
                .ask("changeProfile", client -> client.with("If-Match", "\"1\"").put(existing(), input()))
                .ask("deleteProfile", client -> client.with("If-Match", "*").delete(existing()))
                .tests();
    }

    private static String existing() {
        return service.as("ada", "admin").post("/v1/users", input()).expect(201).header("Location");
    }

    private static String input() {
        return "{\"email\": \"%s@example.com\", \"displayName\": \"Ann\"}".formatted(UUID.randomUUID());
    }
}
