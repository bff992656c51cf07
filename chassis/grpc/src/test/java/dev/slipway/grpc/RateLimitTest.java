package dev.slipway.grpc;

import static dev.slipway.grpc.Harbour.KNOWN;
import static dev.slipway.grpc.Harbour.failure;
import static dev.slipway.grpc.Harbour.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Problem.Kind;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc.ShipServiceBlockingStub;
import dev.slipway.grpc.harbour.v1.TrackCargoRequest;
import dev.slipway.grpc.harbour.v1.WatchTideRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static Harbour harbour;

    @BeforeAll
    static void open() throws InterruptedException {
        harbour = Harbour.open(
                "--limits.rules.reads.by=caller",
                "--limits.rules.reads.operations=readShip",
                "--limits.rules.reads.requests=2",
                "--limits.rules.reads.per=2h",
                "--limits.rules.streams.by=caller",
                "--limits.rules.streams.operations=watchTide,trackCargo",
                "--limits.rules.streams.requests=1",
                "--limits.rules.streams.per=1h");
    }

    @AfterAll
    static void close() {
        harbour.close();
    }

    private static ShipServiceBlockingStub as(String caller) {
        return harbour.ships("authorization", "Bearer " + caller);
    }

    @Test
    void one_call_too_many_is_refused_and_says_when_to_try_again() {
        var ann = as("ann");
        ann.readShip(ChainTest.read(KNOWN.toString()));
        ann.readShip(ChainTest.read(KNOWN.toString()));

        var failure = failure(() -> ann.readShip(ChainTest.read(KNOWN.toString())));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        var problem = GrpcProblems.of(failure).orElseThrow();
        assertThat(problem.code()).isEqualTo("rate-limited");
        assertThat(problem.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
        var trailers = Objects.requireNonNull(failure.getTrailers());
        assertThat(trailers.get(Keys.RATE_LIMIT_POLICY)).isEqualTo("\"reads\";q=2;w=7200");
        var seconds = problem.retryAfter().orElseThrow().toSeconds();
        assertThat(problem.retryAfter()).as("what RetryInfo says").contains(Duration.ofSeconds(seconds));
        assertThat(trailers.get(Keys.RATE_LIMIT)).isEqualTo("\"reads\";r=0;t=" + seconds);
        assertThat(trailers.get(Keys.PUSHBACK)).isEqualTo(seconds + "000");
        assertThat(as("bob").readShip(ChainTest.read(KNOWN.toString())).getName())
                .as("others have budgets of their own")
                .isEqualTo("Vasa");
    }

    @Test
    void an_answer_says_what_is_left() {
        var headers = new AtomicReference<Metadata>();
        as("cid")
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                .readShip(ChainTest.read(KNOWN.toString()));

        assertThat(headers.get().get(Keys.RATE_LIMIT_POLICY)).isEqualTo("\"reads\";q=2;w=7200");
        assertThat(headers.get().get(Keys.RATE_LIMIT)).startsWith("\"reads\";r=1;t=");
    }

    @Test
    void what_no_rule_is_about_has_no_budget() {
        var headers = new AtomicReference<Metadata>();
        as("dan")
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                .runTask(ChainTest.task("context"));

        assertThat(headers.get().containsKey(Keys.RATE_LIMIT)).isFalse();
    }

    @Test
    void a_stream_counts_once_however_much_it_brings() {
        var eve = as("eve");
        var levels = eve.watchTide(WatchTideRequest.newBuilder().setCount(50).build());
        levels.forEachRemaining(level -> assertThat(level.getLevel()).isPositive());

        assertThat(refused(() ->
                        eve.watchTide(WatchTideRequest.getDefaultInstance()).next()))
                .isEqualTo(Kind.TOO_MANY);
    }

    @Test
    void a_stream_of_messages_counts_once_however_much_it_takes() throws Exception {
        var fay = ShipServiceGrpc.newBlockingV2Stub(harbour.channel())
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata("authorization", "Bearer fay")));
        var call = fay.trackCargo();
        for (var piece = 1; piece <= 20; piece++) {
            call.write(TrackCargoRequest.newBuilder().setTons(1).build());
            assertThat(Objects.requireNonNull(call.read()).getPieces()).isEqualTo(piece);
        }
        call.halfClose();
        assertThat(call.read()).isNull();

        assertThat(refused(() -> as("fay")
                        .watchTide(WatchTideRequest.getDefaultInstance())
                        .next()))
                .as("both streams are of one rule")
                .isEqualTo(Kind.TOO_MANY);
    }

    private static Kind refused(Runnable call) {
        var problem = problem(call);
        assertThat(problem.code()).isEqualTo("rate-limited");
        return problem.kind();
    }
}
