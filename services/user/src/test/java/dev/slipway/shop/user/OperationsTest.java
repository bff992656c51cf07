package dev.slipway.shop.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.ApiContract;
import dev.slipway.testing.ApiFile;
import dev.slipway.testing.HttpFile;
import dev.slipway.testing.Pages;
import dev.slipway.testing.SettingsFile;
import dev.slipway.testing.TestService;
import dev.slipway.testkit.Await;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What operators and integrators rely on: health, metrics, and a description of the API that is true.
class OperationsTest {

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    @Test
    void a_running_service_is_ready_and_names_its_dependencies() {
        service.management()
                .get("/health/ready")
                .expect(200)
                .expectText("/status", "up")
                .expectText("/dependencies/postgres/status", "up");
    }

    @Test
    void requests_are_counted_by_route_and_status() {
        service.anonymous().get("/v1/users").expect(401);

        // A request is counted when its answer has been sent.
        Await.until("the request is counted", () -> {
            assertThat(service.management().get("/metrics").expect(200).body())
                    .contains("http_server_requests_seconds_count{")
                    .contains("path=\"/v1/users\"")
                    .contains("status=\"401\"");
            return true;
        });
    }

    @Test
    void the_api_file_says_what_the_service_serves() {
        var served = service.anonymous().get("/openapi/v1.json").expect(200).body();

        ApiFile.matches(Path.of("api", "openapi-v1.json"), served);
    }

    @Test
    void what_the_api_document_takes_the_service_takes_and_the_reverse() {
        var document = service.anonymous().get("/openapi/v1.json").expect(200).body();
        var profile = "{\"email\": \"grace@example.com\", \"displayName\": \"Grace\"}";

        ApiContract.holds(
                document, service.as("ada", "admin"), Map.of("createProfile", profile, "changeProfile", profile));
    }

    @Test
    void the_requests_to_try_are_answered() {
        HttpFile.works(Path.of("api", "requests.http"), service, "admin");
    }

    @Test
    void the_settings_file_lists_every_setting() {
        SettingsFile.matches(Path.of("docs", "settings.md"), new UserApp());
    }

    @Test
    void the_pages_work_in_a_browser() {
        Pages.work(service, "admin");
    }
}
