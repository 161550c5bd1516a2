package dev.cutlass.bench.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** QUIC with Netty (quiche and BoringSSL, native): one stream. Only the server has a certificate. */
final class NettyQuic implements UdpContender {
    private static final String PROTOCOL = "bench";
    private static final long IDLE_SECONDS = 600;
    private static final long CONNECTION_BYTES = 16 << 20;
    private static final long STREAM_BYTES = 8 << 20;
    private static final int STREAMS = 100;

    /** One event loop for all clients of the process, as programs have it. */
    private static final class Loops {
        static final EventLoopGroup CLIENTS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

        private Loops() {}
    }

    @Override
    public String label() {
        return "QUIC, Netty (quiche)";
    }

    @Override
    public int port(String address) {
        return Integer.parseInt(address);
    }

    @Override
    public String at(String address, int port) {
        return Integer.toString(port);
    }

    @Override
    public Server serve() throws Exception {
        final Certificate certificate = Certificate.generate();
        final ChannelHandler codec = new QuicServerCodecBuilder()
                .sslContext(QuicSslContextBuilder.forServer(certificate.key(), null, certificate.certificate())
                        .applicationProtocols(PROTOCOL)
                        .build())
                .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .initialMaxData(CONNECTION_BYTES)
                .initialMaxStreamDataBidirectionalLocal(STREAM_BYTES)
                .initialMaxStreamDataBidirectionalRemote(STREAM_BYTES)
                .initialMaxStreamsBidirectional(STREAMS)
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        NettyPipe.addServer(stream.pipeline());
                    }
                })
                .build();
        final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        final Channel listening = bind(loops, codec);
        return new Server() {
            @Override
            public String address() {
                return Integer.toString(((InetSocketAddress) listening.localAddress()).getPort());
            }

            @Override
            public void close() {
                listening.close().syncUninterruptibly();
                loops.shutdownGracefully().syncUninterruptibly();
            }
        };
    }

    private static Channel bind(EventLoopGroup loops, ChannelHandler codec) throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    /** A context of its own each: no session is resumed. */
    @Override
    public Client connect(String address) throws Exception {
        final ChannelHandler codec = new QuicClientCodecBuilder()
                .sslContext(QuicSslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .applicationProtocols(PROTOCOL)
                        .build())
                .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .initialMaxData(CONNECTION_BYTES)
                .initialMaxStreamDataBidirectionalLocal(STREAM_BYTES)
                .build();
        final Channel socket = bind(Loops.CLIENTS, codec);
        final QuicChannel connection = QuicChannel.newBootstrap(socket)
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address)))
                .connect()
                .get();
        final NettyPipe.Client client = new NettyPipe.Client(() -> {
            connection.close().syncUninterruptibly();
            socket.close().syncUninterruptibly();
        });
        client.use(connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        client.addTo(stream.pipeline());
                    }
                })
                .sync()
                .getNow());
        return client;
    }
}
