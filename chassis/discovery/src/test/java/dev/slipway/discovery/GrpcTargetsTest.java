package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testkit.Await;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcTargetsTest {
    private final List<GrpcPeer> peers = new ArrayList<>();
    private Balancer balancer = new Balancer(Strategy.ROUND_ROBIN);
    private @Nullable ManagedChannel channel;

    @AfterEach
    void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        peers.forEach(GrpcPeer::close);
    }

    private GrpcPeer peer() throws IOException {
        var peer = new GrpcPeer();
        peers.add(peer);
        return peer;
    }

    private ManagedChannel open(String target) {
        var resolvers = new NameResolverRegistry();
        resolvers.register(new GrpcTargets(balancer.targets));
        return Grpc.newChannelBuilder(target, InsecureChannelCredentials.create(), resolvers)
                .defaultServiceConfig(Map.of(
                        "loadBalancingConfig",
                        List.of(Map.of(GrpcTargets.POLICY, Map.of())),
                        "healthCheckConfig",
                        Map.of("serviceName", "")))
                .disableServiceConfigLookUp()
                .disableRetry()
                .build();
    }

    private ManagedChannel channel() {
        var known = channel;
        if (known == null) {
            known = open("discovery:///inventory");
            channel = known;
        }
        return known;
    }

    private String call() {
        return call(CallOptions.DEFAULT);
    }

    private String call(CallOptions options) {
        return ClientCalls.blockingUnaryCall(channel(), GrpcPeer.CALL, options, "");
    }

    private Status.Code failure() {
        return failure(CallOptions.DEFAULT);
    }

    private Status.Code failure(CallOptions options) {
        try {
            call(options);
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
        return Status.Code.OK;
    }

    private void serve(GrpcPeer... all) throws InterruptedException {
        balancer.with(Stream.of(all).map(GrpcPeer::address).toArray(String[]::new));
        connect(all);
    }

    /// Calls until all have answered, so that there is a connection to each.
    private void connect(GrpcPeer... all) throws InterruptedException {
        Await.until("all are connected", () -> {
            failure();
            return Stream.of(all).allMatch(peer -> peer.hits.get() > 0);
        });
        List.of(all).forEach(peer -> peer.hits.set(0));
    }

    @Test
    void calls_are_spread_by_the_strategy() throws Exception {
        var one = peer();
        var other = peer();
        serve(one, other);

        IntStream.range(0, 20).forEach(i -> call());

        assertThat(one.hits).hasValue(10);
        assertThat(other.hits).hasValue(10);
    }

    @Test
    void calls_follow_the_instances() throws Exception {
        var one = peer();
        var other = peer();
        balancer.with(one.address());
        assertThat(call()).isEqualTo(one.address());

        balancer.with(other.address());
        Await.until("the other is asked", () -> call().equals(other.address()));
        one.hits.set(0);
        IntStream.range(0, 10).forEach(i -> call());
        assertThat(one.hits).hasValue(0);

        serve(one, other);
    }

    @Test
    void an_instance_that_cannot_be_reached_gets_no_calls_until_it_is_back() throws Exception {
        var one = peer();
        var other = peer();
        serve(one, other);

        one.close();
        Await.until("its connection is gone", () -> IntStream.range(0, 10).allMatch(i -> failure() == Status.Code.OK));
        other.hits.set(0);
        IntStream.range(0, 10).forEach(i -> assertThat(call()).isEqualTo(other.address()));

        var again = new GrpcPeer(one.port());
        peers.add(again);
        connect(again);
    }

    @Test
    void an_instance_that_fails_is_ejected_and_probed() throws Exception {
        var good = peer();
        var bad = peer();
        serve(good, bad);
        bad.status = Status.INTERNAL;

        IntStream.range(0, 20).forEach(i -> failure());
        Await.until("its failures are counted", () -> balancer.gauge("ejected") == 1);
        assertThat(bad.hits).hasValue(3);
        assertThat(balancer.counter("discovery.ejections")).isEqualTo(1);

        bad.status = Status.OK;
        balancer.clock.pass(Balancer.EJECTION.first());
        assertThat(call()).as("one call probes it").isEqualTo(bad.address());
        Await.until("it is back", () -> balancer.gauge("ejected") == 0);
    }

    @Test
    void each_status_says_what_it_says_of_the_instance() throws Exception {
        var peer = peer();
        balancer = new Balancer(
                        Strategy.ROUND_ROBIN,
                        new EjectionSettings(0, Duration.ofSeconds(1), Duration.ofSeconds(1), 0.5))
                .with(peer.address());
        for (var code : Status.Code.values()) {
            if (code != Status.Code.OK) {
                peer.status = code.toStatus();
                assertThat(failure()).isEqualTo(code);
            }
        }

        Await.until("all are closed", () -> inFlight() == 0);
        assertThat(balancer.counter("discovery.picks")).isEqualTo(Status.Code.values().length - 1);
        assertThat(balancer.counter("discovery.failures"))
                .as("UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, UNKNOWN, DATA_LOSS")
                .isEqualTo(5);
    }

    private int inFlight() {
        return Objects.requireNonNull(balancer.targets.choose(null, any -> true))
                .inFlight
                .get();
    }

    @Test
    void a_call_that_lasts_is_in_flight() throws Exception {
        var one = peer();
        var other = peer();
        balancer = new Balancer(Strategy.LEAST_REQUESTS);
        serve(one, other);

        var blocked = ClientCalls.futureUnaryCall(channel().newCall(GrpcPeer.CALL, CallOptions.DEFAULT), "block");
        Await.until("it has arrived", () -> one.hits.get() + other.hits.get() == 1);
        var free = one.hits.get() == 0 ? one : other;
        IntStream.range(0, 10).forEach(i -> assertThat(call()).isEqualTo(free.address()));

        peers.forEach(peer -> peer.released.countDown());
        assertThat(blocked.get()).isNotEqualTo(free.address());
    }

    @Test
    void a_key_goes_to_its_instance_and_elsewhere_only_while_that_is_gone() throws Exception {
        var all = List.of(peer(), peer(), peer());
        balancer = new Balancer(Strategy.RING_HASH);
        serve(all.toArray(GrpcPeer[]::new));
        var keyed = CallOptions.DEFAULT.withOption(GrpcTargets.KEY, "sku-7");

        var owner = call(keyed);
        IntStream.range(0, 10).forEach(i -> assertThat(call(keyed)).isEqualTo(owner));

        all.stream().filter(peer -> peer.address().equals(owner)).forEach(GrpcPeer::close);
        Await.until("its connection is gone", () -> failure(keyed) == Status.Code.OK);
        var next = call(keyed);
        IntStream.range(0, 10).forEach(i -> assertThat(call(keyed)).isEqualTo(next));
    }

    @Test
    void an_instance_that_says_it_is_not_healthy_gets_no_calls() throws Exception {
        var one = peer();
        var other = peer();
        serve(one, other);

        one.healthy(false);

        Await.until(
                "the other serves alone", () -> IntStream.range(0, 10).allMatch(i -> call().equals(other.address())));
        one.healthy(true);
        connect(one);
    }

    @Test
    void without_an_instance_calls_fail_at_once_until_one_is_known() throws Exception {
        assertThatThrownBy(this::call)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("UNAVAILABLE: no instance is known");

        var one = peer();
        balancer.with(one.address());
        Await.until("it is found", () -> failure() == Status.Code.OK);
    }

    @Test
    void a_channel_that_is_closed_watches_no_more() throws Exception {
        balancer.with(peer().address());
        for (var i = 0; i < Targets.MOST_WATCHERS + 5; i++) {
            call();
            channel().shutdownNow();
            assertThat(channel().awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            channel = null;
        }
    }

    @Test
    void the_target_names_the_service() {
        assertThatThrownBy(() -> open("discovery:///payment")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> open("dns:///inventory")).isInstanceOf(IllegalArgumentException.class);
    }
}
