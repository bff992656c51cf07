package dev.slipway.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.Semaphore;

/// Closes connections beyond a number before anything is read from them.
@ChannelHandler.Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final Semaphore free;

    ConnectionLimit(int most) {
        free = new Semaphore(most);
    }

    /// A listening socket that accepts no more than that.
    NioServerSocketChannel listener() {
        var listener = new NioServerSocketChannel();
        listener.pipeline().addLast(this);
        return listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
        var connection = (Channel) accepted;
        if (!free.tryAcquire()) {
            connection.unsafe().closeForcibly();
            return;
        }
        connection.closeFuture().addListener(closed -> free.release());
        super.channelRead(context, accepted);
    }
}
