package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static dev.slipway.grpc.Harbour.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.StartException;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.testkit.Await;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifeTest {
    private static ServingStatus health(Harbour harbour, String service) {
        return HealthGrpc.newBlockingStub(harbour.channel())
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    @Test
    void health_follows_readiness() throws InterruptedException {
        try (var harbour = Harbour.open()) {
            Await.until("is serving", () -> health(harbour, "") == ServingStatus.SERVING);
            assertThat(health(harbour, ShipServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);

            harbour.ledger.dependencyUp = false;
            Await.until("is not serving", () -> health(harbour, "") == ServingStatus.NOT_SERVING);
            assertThat(health(harbour, ShipServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.NOT_SERVING);

            harbour.ledger.dependencyUp = true;
            Await.until("is serving again", () -> health(harbour, "") == ServingStatus.SERVING);
        }
    }

    @Test
    void a_service_that_stops_says_so_and_ends_the_calls_in_flight() throws Exception {
        try (var harbour = Harbour.open()) {
            var ships = harbour.ships();
            var answers = new LinkedBlockingQueue<String>();
            var call = Thread.startVirtualThread(
                    () -> answers.add(ships.runTask(ChainTest.task("block")).getText()));
            assertThat(harbour.ledger.started.await(20, TimeUnit.SECONDS)).isTrue();
            var stop = Thread.startVirtualThread(() -> harbour.service().close());
            Await.until(
                    "takes no more calls",
                    () -> failure(() -> ships.readShip(ChainTest.read(KNOWN.toString())))
                                    .getStatus()
                                    .getCode()
                            == Status.Code.UNAVAILABLE);

            harbour.ledger.go.countDown();

            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("went on");
            stop.join();
            call.join();
        }
    }

    @Test
    void what_does_not_end_in_time_is_cut_off() throws Exception {
        try (var harbour = Harbour.open("--service.drain-timeout=100ms")) {
            var ships = harbour.ships();
            var call = Thread.startVirtualThread(() -> failure(() -> ships.runTask(ChainTest.task("block"))));
            assertThat(harbour.ledger.started.await(20, TimeUnit.SECONDS)).isTrue();

            harbour.service().close();

            assertThat(harbour.ledger.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            call.join();
        }
    }

    @Test
    void health_says_that_the_service_stops_while_it_still_serves() throws Exception {
        try (var harbour = Harbour.open("--service.shutdown-delay=3s", "--service.drain-timeout=100ms")) {
            Await.until("is serving", () -> health(harbour, "") == ServingStatus.SERVING);
            var stop = Thread.ofVirtual().unstarted(() -> harbour.service().close());
            stop.start();

            Await.until("is not serving", () -> health(harbour, "") == ServingStatus.NOT_SERVING);

            assertThat(harbour.ships()
                            .readShip(ChainTest.read(KNOWN.toString()))
                            .getName())
                    .isEqualTo("Vasa");
        }
    }

    @Test
    void reflection_is_for_development() throws InterruptedException {
        try (var harbour = Harbour.open("--service.environment=development")) {
            assertThat(reflected(harbour).toString()).contains("slipway.harbour.v1.ShipService");
        }
    }

    @Test
    void production_has_no_reflection() throws InterruptedException {
        try (var harbour = Harbour.open("--service.environment=production", "--grpc.host=127.0.0.1")) {
            assertThat(reflected(harbour))
                    .isInstanceOfSatisfying(
                            Throwable.class,
                            failure -> assertThat(Status.fromThrowable(failure).getCode())
                                    .isEqualTo(Status.Code.UNIMPLEMENTED));
        }
    }

    private static Object reflected(Harbour harbour) throws InterruptedException {
        var heard = new Heard<ServerReflectionResponse>();
        var request = ServerReflectionGrpc.newStub(harbour.channel()).serverReflectionInfo(heard);
        request.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        return heard.next();
    }

    @Test
    void a_port_that_is_taken_fails_the_start_with_the_settings_name() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Harbour.open("--grpc.port=" + taken.getLocalPort()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("grpc.port: cannot listen on");
        }
    }

    @Test
    void a_host_that_nobody_knows_fails_the_start() {
        assertThatThrownBy(() -> Harbour.open("--grpc.host=no-such-host.invalid"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("grpc.host");
    }
}
