package dev.slipway.template.base.widget;

import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import dev.slipway.testkit.MovableClock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The rules of widgets, on a real database; what every service promises is in the contract.
class WidgetsApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new BaseApp());

    @Test
    void a_name_is_taken_once() {
        var name = "twice-" + UUID.randomUUID();
        create(name).expect(201);

        create(name).expectProblem(409, "name-taken");
    }

    @Test
    void a_change_to_a_taken_name_is_refused() {
        var taken = "taken-" + UUID.randomUUID();
        create(taken).expect(201);
        var path = create("free-" + UUID.randomUUID()).expect(201).header("Location");

        service.as("ada", "admin").with("If-Match", "*").put(path, input(taken)).expectProblem(409, "name-taken");
    }

    @Test
    void a_clock_that_goes_back_takes_no_change_back() {
        var clock = MovableClock.atNoon();
        try (var skewed = TestService.of(new BaseApp()).with(clock).start()) {
            var admin = skewed.as("ada", "admin");
            var created = admin.post("/v1/widgets", input("skewed-" + UUID.randomUUID()))
                    .expect(201);

            clock.pass(Duration.ofSeconds(-1));

            admin.with("If-Match", "*")
                    .put(created.header("Location"), input("skewed-" + UUID.randomUUID()))
                    .expect(200)
                    .expectText("/version", "2")
                    .expectText("/updatedAt", created.text("/updatedAt"));
        }
    }

    private static TestReply create(String name) {
        return service.as("ada", "admin").post("/v1/widgets", input(name));
    }

    private static String input(String name) {
        return "{\"name\": \"%s\"}".formatted(name);
    }
}
