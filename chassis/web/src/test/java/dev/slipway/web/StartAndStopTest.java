package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.core.SettingsException;
import dev.slipway.core.StartException;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StartAndStopTest {
    @Test
    void a_request_in_flight_is_answered_while_the_service_stops() throws Exception {
        var slow = new Shop.SlowOrders(1);
        try (var api = new Api(rest -> rest.routes(Shop.place(slow), Shop.ping()))) {
            var address = api.address();
            var answer = api.order();
            slow.awaitBegun();
            var closer = Thread.startVirtualThread(() -> api.service().close());
            while (isOpen(address.getPort())) {
                Thread.onSpinWait();
            }
            assertThat(answer).isNotDone();
            slow.goOn();
            assertThat(answer.get().statusCode()).isEqualTo(201);
            assertThat(answer.get().headers().firstValue("Connection")).contains("close");
            closer.join();
            try (var free = new ServerSocket(address.getPort(), 1, InetAddress.getLoopbackAddress())) {
                assertThat(free.isBound()).isTrue();
            }
        }
    }

    /// A connection that is made while the port closes is reset, later ones are refused.
    private static boolean isOpen(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    void before_it_stops_it_tells_its_clients_to_go_elsewhere() throws Exception {
        try (var api = new Api(rest -> {
            rest.beforeStop(Duration.ZERO);
            rest.routes(Shop.ping());
        })) {
            var response = api.get("/v1/ping");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Connection")).contains("close");
        }
    }

    @Test
    void idle_connections_do_not_delay_the_stop() throws Exception {
        var api = Api.shop("--service.drain-timeout=1h", "--service.termination-grace=2h", "--http.idle-timeout=1h");
        try (var socket = new Socket(api.address().getHost(), api.address().getPort());
                var silent = new Socket(api.address().getHost(), api.address().getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(20_000);
            silent.setSoTimeout(20_000);
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            api.service().close();
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        } finally {
            api.close();
        }
    }

    @Test
    void a_request_that_never_ends_is_cut_off_at_the_deadline() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var endless = Shop.place(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        });
        try (var api = new Api(rest -> rest.routes(endless), "--service.drain-timeout=100ms")) {
            var answer = api.order();
            begun.await();
            api.service().close();
            interrupted.await();
            assertThat(answer).isNotNull();
        }
    }

    @Test
    void a_taken_port_is_refused_by_the_name_of_its_setting() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> Api.shop("--http.port=" + port))
                    .withMessageContaining("http.port: cannot listen on 127.0.0.1:" + port);
        }
    }

    @Test
    void the_port_is_known_once_it_listens() throws Exception {
        var opened = new AtomicReference<Rest>();
        try (var api = new Api(opened::set)) {
            assertThat(opened.get().port()).isEqualTo(api.address().getPort()).isPositive();
        }
        assertThatIllegalStateException().isThrownBy(() -> opened.get().port());
    }

    @Test
    void an_unknown_host_is_refused_by_the_name_of_its_setting() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> Api.shop("--http.host=no.such.host.invalid"))
                .withMessageContaining("http.host: no.such.host.invalid is not known");
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Api.shop("--http.limit.most=0"))
                .withMessageContaining("http.limit.most: must be between 1 and 1_000_000, not 0");
    }

    @Test
    void routes_that_contradict_themselves_or_each_other_are_refused_all_at_once() {
        record Same(String a) {}
        var renamed = Route.get(
                "/orders/{order}",
                operation("readRenamed")
                        .on(Parameter.uuid("order", "Which order."))
                        .read(call -> Outcome.done()));
        var bare = Route.get("/bare", Operation.named("", "Bare.").read(call -> Outcome.done()));
        var undescribed = Route.get("/things/{id}", operation("ping").read(call -> Outcome.done()));
        var unsafe = Route.get("/unsafe", operation("change").handle(call -> Outcome.done()));
        var odd = Route.get("/things:all/", operation("listThings").read(call -> Outcome.done()));
        var search = Route.post("/search", operation("search").read(call -> Outcome.done()));
        var sameAddress = Route.delete(
                "/orders/{id}", operation("deleteAgain").on(Shop.ID).handle(call -> Outcome.done()));
        var sameType = Route.post(
                "/same",
                operation("same")
                        .input(Same.class)
                        .output(Other.Same.class)
                        .handle(call -> Outcome.done(new Other.Same(""))));
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> new Api(rest -> rest.routes(
                        Shop.ping(),
                        bare,
                        undescribed,
                        unsafe,
                        odd,
                        search,
                        Shop.delete(),
                        sameAddress,
                        renamed,
                        Shop.place(() -> {}),
                        sameType)))
                .satisfies(e -> assertThat(e.reasons())
                        .containsExactly(
                                "an operation has no name",
                                " has no policy; say who may call it, Policy.anyone() if everybody",
                                "GET /things/{id}: ping has the parameters []",
                                "two routes are named ping",
                                "GET /unsafe: change may change something; it must be a read",
                                "GET /things:all/: between slashes stands a parameter, or what needs no encoding",
                                "two routes serve DELETE /v1/orders/{id}",
                                "one path has two names for a parameter: /v1/orders/{id} and /v1/orders/{order}",
                                "two types of the API are called Same: " + Same.class.getName() + " and "
                                        + Other.Same.class.getName()));
    }

    @Test
    void types_that_only_say_parameters_may_share_a_name_with_each_other_and_with_a_body() throws Exception {
        var ships = Route.get(
                "/ships", operation("listShips").input(Ships.Query.class).read(call -> Outcome.done()));
        var kept = Route.post(
                "/queries", operation("keepQuery").input(Kept.Query.class).handle(call -> Outcome.done()));
        var piers = Route.get(
                "/piers", operation("listPiers").input(Piers.Query.class).read(call -> Outcome.done()));
        try (var api = new Api(rest -> rest.routes(ships, kept, piers), "--http.docs=on")) {
            var document = new JsonMapper().readTree(api.get("/openapi/v1.json").body());
            assertThat(document.at("/paths/~1v1~1ships/get/parameters").findValuesAsText("name"))
                    .containsExactly("sails");
            assertThat(document.at("/paths/~1v1~1piers/get/parameters").findValuesAsText("name"))
                    .containsExactly("length");
            assertThat(document.at("/components/schemas/Query/properties").fieldNames())
                    .toIterable()
                    .containsExactly("text");
            assertThat(document.at("/components/schemas/Query/required").toString())
                    .isEqualTo("[\"text\"]");
        }
    }

    private static final class Ships {
        record Query(int sails) {}
    }

    private static final class Piers {
        record Query(int length) {}
    }

    private static final class Kept {
        record Query(@NotBlank String text) {}
    }

    private static Operation.Builder<Nothing, Nothing> operation(String name) {
        return Operation.named(name, "An operation of a test.").policy(Policy.anyone());
    }

    private static final class Other {
        record Same(String b) {}
    }

    @Test
    void versions_stand_in_the_path() throws Exception {
        var second = Route.get("/ping", operation("ping").read(call -> Outcome.done()))
                .version(2);
        try (var api = new Api(rest -> rest.routes(Shop.ping(), second))) {
            assertThat(api.get("/v1/ping").statusCode()).isEqualTo(200);
            assertThat(api.get("/v2/ping").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void two_services_and_two_copies_of_one_serve_side_by_side() throws Exception {
        try (var first = Api.shop();
                var second = Api.shop("--http.max-body-size=10B");
                var other = new Api(rest -> rest.routes(Shop.ping()))) {
            assertThat(first.get("/v1/ping").statusCode()).isEqualTo(200);
            assertThat(first.post("/v1/orders", Shop.ORDER).statusCode()).isEqualTo(201);
            assertThat(second.post("/v1/orders", Shop.ORDER).statusCode()).isEqualTo(413);
            assertThat(other.post("/v1/orders", Shop.ORDER).statusCode()).isEqualTo(404);
            first.service().close();
            assertThat(second.get("/v1/ping").statusCode()).isEqualTo(200);
            assertThat(first.meters.getMeters()).isNotEmpty();
            assertThat(other.meters
                            .find("http.server.requests")
                            .tag("path", "/v1/orders")
                            .timer())
                    .isNull();
        }
    }
}
