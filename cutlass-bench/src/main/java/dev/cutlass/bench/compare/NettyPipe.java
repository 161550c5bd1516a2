package dev.cutlass.bench.compare;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What Netty's TCP and QUIC streams have in common: messages with their length before them. */
final class NettyPipe {
    /** Bytes that wait for more before a flush: what one TLS record takes. */
    private static final int FLUSH_BYTES = 1 << 14;

    private NettyPipe() {}

    /** Adds what cuts a stream into messages, and the server's handler. */
    static void addServer(ChannelPipeline pipeline) {
        addDecoder(pipeline);
        pipeline.addLast(new ServerHandler());
    }

    private static void addDecoder(ChannelPipeline pipeline) {
        pipeline.addLast(new LengthFieldBasedFrameDecoder(
                Frames.MAX_LENGTH + Frames.HEADER, 0, Frames.HEADER, 0, Frames.HEADER));
    }

    private static ByteBuf frame(Channel channel, byte[] message) {
        return channel.alloc()
                .buffer(Frames.HEADER + message.length)
                .writeInt(message.length)
                .writeBytes(message);
    }

    /** One connection's; its event loop only. */
    @SuppressWarnings("FutureReturnValueIgnored") // who waits for the answer misses it
    private static final class ServerHandler extends SimpleChannelInboundHandler<ByteBuf> {
        private final Sink sink = new Sink();

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            final byte[] answer = sink.handle(ByteBufUtil.getBytes(frame));
            if (answer != null) {
                context.writeAndFlush(frame(context.channel(), answer), context.voidPromise());
            }
        }
    }

    /** The client's end of a stream. */
    static final class Client extends CallbackClient {
        private final Semaphore writable = new Semaphore(0);
        private final Runnable rest;
        private @Nullable Channel channel;
        private int unflushed;

        /** @param rest closes what the channel stands on, after it */
        Client(Runnable rest) {
            this.rest = rest;
        }

        /** Adds what cuts a stream into messages, and this client's handler. */
        void addTo(ChannelPipeline pipeline) {
            addDecoder(pipeline);
            pipeline.addLast(new ClientHandler());
        }

        /** Before the first message. */
        void use(Channel connected) {
            channel = connected;
        }

        private Channel channel() {
            final Channel connected = channel;
            if (connected == null) {
                throw new IllegalStateException("not connected");
            }
            return connected;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a void promise: the pipeline hears of failures
        void send(byte[] message) throws InterruptedException {
            final Channel to = channel();
            if (!to.isWritable()) {
                flush();
                while (!to.isWritable()) {
                    writable.tryAcquire(1, TimeUnit.SECONDS);
                }
            }
            unflushed += message.length;
            if (unflushed >= FLUSH_BYTES) {
                unflushed = 0;
                to.writeAndFlush(frame(to, message), to.voidPromise());
            } else {
                to.write(frame(to, message), to.voidPromise());
            }
        }

        @Override
        void flush() {
            unflushed = 0;
            channel().flush();
        }

        @Override
        public void close() {
            channel().close().syncUninterruptibly();
            rest.run();
        }

        private final class ClientHandler extends SimpleChannelInboundHandler<ByteBuf> {
            @Override
            protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
                arrived(ByteBufUtil.getBytes(frame));
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                writable.drainPermits();
                writable.release();
            }
        }
    }
}
