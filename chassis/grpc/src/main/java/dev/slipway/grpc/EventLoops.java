package dev.slipway.grpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The transport's threads: one server's own, so that servers in one JVM do not share them and leave nothing behind.
final class EventLoops {
    private EventLoops() {}

    /// @param open what to run at the end
    static EventLoopGroup one(List<Runnable> open) {
        return of("grpc-accept", 1, open);
    }

    /// As many as there are cores.
    static EventLoopGroup all(List<Runnable> open) {
        return of("grpc", Runtime.getRuntime().availableProcessors(), open);
    }

    private static EventLoopGroup of(String name, int threads, List<Runnable> open) {
        var group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
        open.add(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS));
        return group;
    }
}
