package dev.slipway.shop.user.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.user.UserApp;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import dev.slipway.testkit.MovableClock;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The rules of profiles, on a real database; what every service promises is in the contract.
class ProfilesApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    @Test
    void a_profile_is_active_and_english_if_nothing_is_said() {
        create(email()).expect(201).expectText("/locale", "en").expectText("/status", "active");
    }

    @Test
    void an_address_is_taken_once_however_it_is_written() {
        var email = email();
        create(email.toUpperCase(Locale.ROOT)).expect(201).expectText("/email", email);

        create(email.toUpperCase(Locale.ROOT)).expectProblem(409, "email-taken");
        create(email).expectProblem(409, "email-taken");
    }

    @Test
    void a_change_to_a_taken_address_is_refused() {
        var taken = email();
        create(taken).expect(201);
        var path = create(email()).expect(201).header("Location");

        service.as("ada", "admin").with("If-Match", "*").put(path, input(taken)).expectProblem(409, "email-taken");
    }

    @Test
    void profiles_are_found_by_address_and_status() {
        var email = email();
        create(email).expect(201);
        var support = service.as("sue", "support");

        support.get("/v1/users?email=" + email.toUpperCase(Locale.ROOT))
                .expect(200)
                .expectText("/items/0/email", email);
        support.get("/v1/users?status=active&email=" + email).expectText("/items/0/email", email);
        assertThat(support.get("/v1/users?status=suspended&email=" + email)
                        .expect(200)
                        .json()
                        .at("/items"))
                .isEmpty();
    }

    @Test
    void a_clock_that_goes_back_takes_no_change_back() {
        var clock = MovableClock.atNoon();
        try (var skewed = TestService.of(new UserApp()).with(clock).start()) {
            var admin = skewed.as("ada", "admin");
            var created = admin.post("/v1/users", input(email())).expect(201);

            clock.pass(Duration.ofSeconds(-1));

            admin.with("If-Match", "*")
                    .put(created.header("Location"), input(email()))
                    .expect(200)
                    .expectText("/version", "2")
                    .expectText("/updatedAt", created.text("/updatedAt"));
        }
    }

    private static TestReply create(String email) {
        return service.as("ada", "admin").post("/v1/users", input(email));
    }

    private static String input(String email) {
        return "{\"email\": \"%s\", \"displayName\": \"Ann\"}".formatted(email);
    }

    private static String email() {
        return UUID.randomUUID() + "@example.com";
    }
}
