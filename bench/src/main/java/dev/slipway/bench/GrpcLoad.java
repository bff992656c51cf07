package dev.slipway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads of profiles by gRPC from a [GrpcClient]: each call reads the profile of one of many users, with a token of that
/// user. The client stays for all rounds and servers, because a cold one would slow them.
///
/// @param port of the server
record GrpcLoad(Process client, int port) implements Load {
    static final int CONNECTIONS = 8;
    static final int CALLS_PER_CONNECTION = 8;

    static Process client(Path root, List<User> users, Path folder, Children children) throws IOException {
        var targets = Files.write(
                folder.resolve("grpc-targets"),
                users.stream().map(user -> user.id() + " " + user.token()).toList());
        return children.startTalking(
                List.of(
                        Contender.java(),
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        Contender.classPath(root, "lib"),
                        GrpcClient.class.getName(),
                        targets.toString()),
                folder);
    }

    @Override
    public void warmUp(int seconds) throws IOException {
        send(seconds);
    }

    @Override
    public Seen run(int seconds) throws IOException {
        return Seen.parse(send(seconds));
    }

    private String send(int seconds) throws IOException {
        var commands = client.outputWriter(StandardCharsets.UTF_8);
        commands.write("%s %s%n".formatted(port, seconds));
        commands.flush();
        var report = client.inputReader(StandardCharsets.UTF_8).readLine();
        if (report == null) {
            throw new MeasureException("the gRPC client has ended");
        }
        return report;
    }
}
