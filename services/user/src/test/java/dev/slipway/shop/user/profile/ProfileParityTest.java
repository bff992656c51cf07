package dev.slipway.shop.user.profile;

import dev.slipway.shop.user.UserApp;
import dev.slipway.testing.Parity;
import dev.slipway.testing.TestService;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// For each operation, the same caller with the same input is told the same by each protocol.
class ProfileParityTest {

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    @TestFactory
    Stream<DynamicTest> protocols_give_the_same_answer() {
        return Parity.of(service)
                .caller("somebody", "customer")
                .caller("{id}", "customer")
                .caller("sue", "support")
                .caller("ada", "admin")
                .things(unique -> Map.of("id", create(unique)))
                .input("createProfile", unique -> input("new-" + unique, "Bea"))
                .input("changeProfile", unique -> input(unique, "Bea"))
                .input("listProfiles", unique -> "{\"search\": \"%s\", \"limit\": 1}".formatted(unique))
                .wrong("createProfile", "an address that is none", input -> input.put("email", "nobody"))
                .order("displayName", "name")
                .field("createProfile", "createUser")
                .field("readProfile", "user")
                .field("listProfiles", "users")
                .field("changeProfile", "changeUser")
                .field("deleteProfile", "deleteUser")
                .tests();
    }

    private static String create(String name) {
        return service.as("ada", "admin")
                .post("/v1/users", input(name, "Ann " + name))
                .expect(201)
                .text("/id");
    }

    private static String input(String mailbox, String displayName) {
        return "{\"email\": \"%s@example.com\", \"displayName\": \"%s\"}".formatted(mailbox, displayName);
    }
}
