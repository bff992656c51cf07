package dev.slipway.bench;

import dev.slipway.bench.Report.Goal;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;
import proto.dev.slipway.shop.user.v1.ReadProfileRequest;
import proto.dev.slipway.shop.user.v1.ReadProfileResponse;

/// Measures the user service's read by gRPC beside [GrpcTwin].
final class Calls {
    /// Of a whole core, because the client and PostgreSQL may be what ends first.
    private static final Goal RATE = new Goal("≥ 0.70", 0.7, true);

    private Calls() {}

    static Report run(Stage stage) throws IOException, InterruptedException, SQLException {
        var service = Contender.userService(stage.root(), stage.database());
        var users = stage.users(service);
        var twin = Contender.grpcTwin(stage.root(), stage.database());
        var client = GrpcLoad.client(stage.root(), users, stage.folder(), stage.children());
        try (var runningTwin = stage.serve(twin, List.of());
                var runningService = stage.serve(service, service.withCache())) {
            requireSameAnswers(List.of(twin, service), users.getLast());
            var bare = Side.of(twin.name(), runningTwin, new GrpcLoad(client, twin.grpcPort()));
            var chassis = Side.of(service.name(), runningService, new GrpcLoad(client, service.grpcPort()));
            Side.measure(List.of(bare, chassis), stage.options(), stage.narration());
            var report = new Report("", twin.name(), service.name(), "ratio", "goal")
                    .sides("rate, calls/s", "%.0f", bare.rates(), chassis.rates(), Optional.empty())
                    .sides(
                            "rate of a whole core, calls/s",
                            "%.0f",
                            bare.ratesOfCore(),
                            chassis.ratesOfCore(),
                            Optional.of(RATE))
                    .sides("p50, ms", "%.2f", bare.medians(), chassis.medians(), Optional.empty())
                    .sides("p99, ms", "%.2f", bare.tails(), chassis.tails(), Optional.empty())
                    .sides("processor time a call, µs", "%.1f", bare.costs(), chassis.costs(), Optional.empty())
                    .sides("memory after load (RSS), MB", "%.0f", bare.memory(), chassis.memory(), Optional.empty());
            stage.notes("%s connections with %s calls each at once"
                            .formatted(GrpcLoad.CONNECTIONS, GrpcLoad.CALLS_PER_CONNECTION))
                    .forEach(report::note);
            return report;
        } finally {
            stage.children().stop(client);
        }
    }

    private static void requireSameAnswers(List<Contender> contenders, User user) {
        var answers = contenders.stream().map(each -> answer(each, user)).toList();
        if (!answers.getFirst().equals(answers.getLast())) {
            throw new MeasureException(
                    "the answers differ: %s and %s".formatted(answers.getFirst(), answers.getLast()));
        }
    }

    private static ReadProfileResponse answer(Contender contender, User user) {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", contender.grpcPort())
                .usePlaintext()
                .build();
        try {
            return ProfileServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(GrpcClient.withToken(user.token()))
                    .readProfile(
                            ReadProfileRequest.newBuilder().setId(user.id()).build());
        } finally {
            channel.shutdownNow();
        }
    }
}
